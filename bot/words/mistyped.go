package words

// maxWrong is the maximum of wrong letters; at most one in three may be wrong.
const maxWrong = 2

// mistyped returns how many letters of typed differ from word; maxWrong+1 if too many do, or if
// one is too short to compare.
func mistyped(typed, word string) int {
	a, b := []rune(typed), []rune(word)
	wrong := distance(a, b)
	if shorter := min(len(a), len(b)); shorter < 4 || wrong > shorter/3 {
		return maxWrong + 1
	}
	return wrong
}

// distance is the Levenshtein distance.
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
