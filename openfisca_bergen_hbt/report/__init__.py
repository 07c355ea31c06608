"""What people see of results: no rule and no number of the regulation in here."""
