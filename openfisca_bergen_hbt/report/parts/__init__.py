"""What several subjects share: figures and findings of a comparison, tables of it, and rules and numbers in words."""
