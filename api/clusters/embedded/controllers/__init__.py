"""What keeps the cluster as its objects say: the controllers of kube-controller-manager, as far as they are seen."""
