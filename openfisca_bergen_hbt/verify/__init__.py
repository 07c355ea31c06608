"""A recorded run made again."""
