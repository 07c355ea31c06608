"""The political decisions 2017-2021, one reform each."""
