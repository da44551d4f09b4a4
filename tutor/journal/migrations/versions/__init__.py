"""The versions; ``down_revision`` chains them."""
