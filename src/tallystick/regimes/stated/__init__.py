"""Facts about a developer or a site, where they come from, and what of them is missing."""
