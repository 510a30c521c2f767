package sqlite

import (
	"fmt"

	"waybill/tracker"
)

// table holds a table's statements, made once.
type table struct {
	name tracker.Table

	insert, update, updateIndexed, find, remove string
	addList, removeList, setTerms, removeTerms  string
	due, claim, postpone, reschedule, old       string
	newest, oldest                              pages
	count                                       string
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

		newest: newPages(name, newestSQL),
		oldest: newPages(name, oldestSQL),
	}
}

// pages are the statements that read a page, by what they read it of.
type pages struct{ all, list, terms, termsInList string }

func newPages(name tracker.Table, form string) pages {
	sql := func(from, id, condition string) string { return named(name, fmt.Sprintf(form, from, id, condition)) }
	return pages{
		all:   sql("{t} t", "t.id", "true"),
		list:  sql("{t}_lists l CROSS JOIN {t} t ON t.id = l.id", "l.id", "l.list = ?5"),
		terms: sql("{t}_terms f CROSS JOIN {t} t ON t.id = f.rowid", "f.rowid", "f.{t}_terms MATCH ?6"),
		termsInList: sql("{t}_terms f CROSS JOIN {t} t ON t.id = f.rowid", "f.rowid",
			"f.{t}_terms MATCH ?6 AND EXISTS (SELECT 1 FROM {t}_lists WHERE list = ?5 AND id = f.rowid)"),
	}
}

// newestSQL is a statement that reads a page, newest first: ?1 is the id below which the page begins and ?4 its size.
// Ids sort by Order but not, within one Order, by key. So the inner statement takes enough of the newest to fill the
// page, the outer one takes the last Order among them whole, and sorts. Of the Order at which the page before ended
// (ids from ?2 on) only keys below ?3 are left.
const newestSQL = `SELECT ` + columns + ` FROM %[1]s WHERE %[3]s AND %[2]s < ?1 AND (%[2]s < ?2 OR t.key < ?3)
	AND %[2]s >= (SELECT min(id) >> {bits} << {bits} FROM (SELECT %[2]s AS id FROM %[1]s
		WHERE %[3]s AND %[2]s < ?1 AND (%[2]s < ?2 OR t.key < ?3) ORDER BY %[2]s DESC LIMIT ?4))
	ORDER BY t.id >> {bits} DESC, t.key DESC LIMIT ?4`

// oldestSQL is its mirror image: the page begins above the id ?1, and of the Order at which the page before ended (ids
// up to ?2) only keys above ?3 are left.
const oldestSQL = `SELECT ` + columns + ` FROM %[1]s WHERE %[3]s AND %[2]s > ?1 AND (%[2]s > ?2 OR t.key > ?3)
	AND %[2]s < (SELECT ((max(id) >> {bits}) + 1) << {bits} FROM (SELECT %[2]s AS id FROM %[1]s
		WHERE %[3]s AND %[2]s > ?1 AND (%[2]s > ?2 OR t.key > ?3) ORDER BY %[2]s LIMIT ?4))
	ORDER BY t.id >> {bits}, t.key LIMIT ?4`

// keysSQL is the statement that reads n rows by key.
func (t *table) keysSQL(n int) string {
	marks := make([]byte, 0, 2*n)
	for range n {
		marks = append(marks, '?', ',')
	}
	return named(t.name, `SELECT `+columns+` FROM {t} t WHERE key IN (`+string(marks[:2*n-1])+`)`)
}
