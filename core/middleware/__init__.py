"""What every request goes through: headers, what is typed as it comes in, access to pages, the security log."""
