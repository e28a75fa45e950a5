"""The web app: narratives in by drag and drop; codes, findings and steps out, in the browser. It enters weness by services.py."""
