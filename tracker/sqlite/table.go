package sqlite

import (
	"fmt"

	"waybill/tracker"
)

// table holds a table's statements, made once.
type table struct {
	name tracker.Table

	insert, update, updateIndexed, find, remove   string
	addList, removeList, setTerms, removeTerms    string
	due, claim, postpone, reschedule, old         string
	pageAll, pageList, pageTerms, pageTermsInList string
	count                                         string
}

// columns are what a tracker.Row is made of, in the order in which scanRow reads them.
const columns = "t.id, t.key, t.version, t.due, t.indexed, t.doc"

func newTable(name tracker.Table) *table {
	sql := func(statement string) string { return named(name, statement) }
	return &table{
		name: name,
		insert: sql(`INSERT INTO {t} (id, key, version, due, bucket, indexed, lists, doc)
			VALUES (coalesce((SELECT id + 1 FROM {t} WHERE id >= ?1 AND id < ?2 ORDER BY id DESC LIMIT 1), ?1),
				?3, 1, ?4, ?5, ?6, ?7, ?8)
			ON CONFLICT (key) DO NOTHING`),
		update:        sql(`UPDATE {t} SET version = version + 1, due = ?1, doc = ?2 WHERE key = ?3 AND version = ?4`),
		updateIndexed: sql(`UPDATE {t} SET version = version + 1, due = ?1, doc = ?2, indexed = ?3, lists = ?4 WHERE id = ?5`),
		find:          sql(`SELECT id, indexed, lists FROM {t} WHERE key = ?1 AND version = ?2`),
		remove:        sql(`DELETE FROM {t} WHERE id = ?1`),
		addList:       sql(`INSERT INTO {t}_lists (list, id) VALUES (?1, ?2) ON CONFLICT DO NOTHING`),
		removeList:    sql(`DELETE FROM {t}_lists WHERE list = ?1 AND id = ?2`),
		setTerms:      sql(`INSERT OR REPLACE INTO {t}_terms (rowid, terms) VALUES (?1, ?2)`),
		removeTerms:   sql(`DELETE FROM {t}_terms WHERE rowid = ?1`),
		due:           sql(`SELECT 1 FROM {t} WHERE due <= ?1 AND due < {never} AND (?2 >> bucket) & 1 LIMIT 1`),
		claim: sql(`SELECT ` + columns + ` FROM {t} t
			WHERE due <= ?1 AND due < {never} AND (?2 >> bucket) & 1 ORDER BY due LIMIT ?3`),
		postpone:   sql(`UPDATE {t} SET due = ?1 WHERE id = ?2`),
		reschedule: sql(`UPDATE {t} SET due = ?1 WHERE key = ?2`),
		old:        sql(`SELECT id, indexed, lists FROM {t} WHERE id < ?1 AND due = {never} ORDER BY id LIMIT ?2`),
		count:      sql(`SELECT count(*) FROM (SELECT 1 FROM {t}_lists WHERE list = ?1 LIMIT ?2)`),

		pageAll:   sql(pageSQL("{t} t", "t.id", "true")),
		pageList:  sql(pageSQL("{t}_lists l CROSS JOIN {t} t ON t.id = l.id", "l.id", "l.list = ?5")),
		pageTerms: sql(pageSQL("{t}_terms f CROSS JOIN {t} t ON t.id = f.rowid", "f.rowid", "f.{t}_terms MATCH ?6")),
		pageTermsInList: sql(pageSQL("{t}_terms f CROSS JOIN {t} t ON t.id = f.rowid", "f.rowid",
			"f.{t}_terms MATCH ?6 AND EXISTS (SELECT 1 FROM {t}_lists WHERE list = ?5 AND id = f.rowid)")),
	}
}

// pageSQL is a statement that reads a page, newest first: ?1 is the id below which the page begins and ?4 its size.
// Ids sort by Order but not, within one Order, by key. So the inner statement takes enough of the newest to fill the
// page, the outer one takes the last Order among them whole, and sorts. Of the Order at which the page before ended
// (ids from ?2 on) only keys below ?3 are left.
func pageSQL(from, id, condition string) string {
	where := fmt.Sprintf("%s AND %s < ?1 AND (%s < ?2 OR t.key < ?3)", condition, id, id)
	return fmt.Sprintf(`SELECT `+columns+` FROM %[1]s WHERE %[3]s
		AND %[2]s >= (SELECT min(id) >> {bits} << {bits} FROM (SELECT %[2]s AS id FROM %[1]s WHERE %[3]s ORDER BY %[2]s DESC LIMIT ?4))
		ORDER BY t.id >> {bits} DESC, t.key DESC LIMIT ?4`, from, id, where)
}

// keysSQL is the statement that reads n rows by key.
func (t *table) keysSQL(n int) string {
	marks := make([]byte, 0, 2*n)
	for range n {
		marks = append(marks, '?', ',')
	}
	return named(t.name, `SELECT `+columns+` FROM {t} t WHERE key IN (`+string(marks[:2*n-1])+`)`)
}
