public_reports = true
