package main

import (
	"fmt"
	"strings"
	"time"
)

// podLog is what `kubectl logs` shows of every simulated pod, in the format of container runtimes
// (timestamp, stream, F for a full line, text): no container runs, so the lines say so.
func podLog() string {
	lines := []string{
		"This pod is simulated: its image was neither pulled nor started.",
		"starting",
		"listening on 0.0.0.0",
		"GET / 200 3ms",
		"GET /healthz 200 0ms",
	}
	var log strings.Builder
	start := time.Now().UTC()
	for i, line := range lines {
		at := start.Add(time.Duration(i) * time.Millisecond).Format("2006-01-02T15:04:05.000000000Z07:00")
		fmt.Fprintf(&log, "%s stdout F %s\n", at, line)
	}
	return log.String()
}
