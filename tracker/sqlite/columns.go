package sqlite

import (
	"database/sql"
	"encoding/json"

	"waybill/tracker"
)

// dueColumn is how a row's Due stands in the file.
func dueColumn(due int64) int64 {
	if due == 0 || due > never {
		return never
	}
	return due
}

// firstID is the smallest id that a row of the order can have.
func firstID(order int64) int64 {
	return max(1-tracker.MaxOrder, min(order, tracker.MaxOrder-1)) << orderBits
}

// docColumn is never NULL.
func docColumn(row *tracker.Row) []byte {
	if row.Doc == nil {
		return []byte{}
	}
	return row.Doc
}

func listsColumn(lists []string) string {
	if len(lists) == 0 {
		return "[]"
	}
	text, err := json.Marshal(lists)
	if err != nil {
		panic(err) // strings always have a JSON form
	}
	return string(text)
}

// scanRow reads a row's columns and tells its id.
func scanRow(rows *sql.Rows) (id int64, row tracker.Row, err error) {
	var indexed int64
	err = rows.Scan(&id, &row.Key, &row.Version, &row.Due, &indexed, &row.Doc)
	row.Indexed = uint64(indexed) //nolint:gosec // bits
	row.Order = id >> orderBits
	if row.Due == never {
		row.Due = 0
	}
	return id, row, err
}

// affectedOne is the result of a write that must change one row: ErrConflict when there is none such.
func affectedOne(changed sql.Result, err error) (result, failure error) {
	if err != nil {
		return nil, err
	}
	if n, err := changed.RowsAffected(); err != nil || n == 0 {
		return tracker.ErrConflict, err
	}
	return nil, nil //nolint:nilnil // no result, no failure
}
