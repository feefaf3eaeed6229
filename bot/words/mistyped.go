package words

// maxWrong is how many letters may be wrong: one in three, and no more than these.
const maxWrong = 2

// mistyped returns how many letters of what was typed are wrong, if it was to be the
// word; more than maxWrong where it was not.
func mistyped(typed, word string) int {
	a, b := []rune(typed), []rune(word)
	wrong := distance(a, b)
	if shorter := min(len(a), len(b)); shorter < 4 || wrong > shorter/3 {
		return maxWrong + 1
	}
	return wrong
}

// distance counts the letters to be put in, left out or changed to make one text of
// another (Levenshtein).
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			changed := diagonal
			if x != y {
				changed++
			}
			diagonal = row[j+1]
			row[j+1] = min(changed, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
