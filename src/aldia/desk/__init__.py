"""Doors: the web desk. One plain page so far: today's decisions and their reasons."""
