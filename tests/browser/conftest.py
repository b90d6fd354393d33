"""Tests that open pages in Chromium."""

import os

# Playwright keeps an event loop in the thread of the tests, and Django would take every query for a mistake.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
