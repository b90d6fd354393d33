"""The whole house put together: settings, addresses and the way in for a web server."""
