"""What is held back, so that no figure tells of few users."""
