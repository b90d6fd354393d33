"""Desk: letters from the tray to the post, certified ones, and statements of account."""
