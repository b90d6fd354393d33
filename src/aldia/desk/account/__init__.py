"""Log-in, second factors and one's own password: django-allauth in the house's words and looks."""
