"""What stands in files beside the users': the frames of the agencies, and counts to hold the users against."""
