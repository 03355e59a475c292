"""Holds the cluster to what is recorded: repairs what others changed, and ends what a lost process began."""
