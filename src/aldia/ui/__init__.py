"""Hall: what the doors with screens share: the page's frame, components, tags, forms, styles and scripts."""
