"""What the shop is watched with: objectives, the alerts and dashboard made from them, and a page that shows it live."""
