package configs

import (
	"fmt"
	"strings"
)

// suggest names the known name nearest to an unknown one, or where to find all.
func suggest(unknown string, known []string) string {
	best, least := "", len(unknown)/2+1
	for _, name := range known {
		if distance := editDistance(strings.ToLower(unknown), strings.ToLower(name)); distance < least {
			best, least = name, distance
		}
	}
	if best == "" {
		return "no setting has a like name; docs/configuration.md lists them all"
	}
	return fmt.Sprintf("did you mean %s?", best)
}

// editDistance is Levenshtein's: insertions, deletions, replacements.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
