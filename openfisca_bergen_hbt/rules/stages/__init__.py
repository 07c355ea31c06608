"""What lets users become sums once, and the rules be run on the sums for many draws at once."""
