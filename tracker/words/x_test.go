package words
import ("testing";"time";"fmt"
"github.com/go-playground/locales"
"github.com/go-playground/locales/en_GB"
"github.com/go-playground/locales/en_US"
"github.com/go-playground/locales/de"
"github.com/go-playground/locales/de_AT"
"github.com/go-playground/locales/fr"
"github.com/go-playground/locales/fr_CA"
"github.com/go-playground/locales/es"
"github.com/go-playground/locales/es_MX"
"github.com/go-playground/locales/pt"
"github.com/go-playground/locales/pt_PT"
"github.com/go-playground/locales/ja"
)
func TestX(t *testing.T){
 n:=time.Date(2026,11,24,20,5,0,0,time.UTC)
 for _,l:=range []locales.Translator{en_GB.New(),en_US.New(),de.New(),de_AT.New(),fr.New(),fr_CA.New(),es.New(),es_MX.New(),pt.New(),pt_PT.New(),ja.New()}{
  fmt.Printf("%s|%s|%s|%s|%s|%q\n",l.Locale(),l.FmtDateFull(n),l.FmtDateLong(n),l.WeekdayWide(n.Weekday()),l.MonthWide(n.Month()),l.FmtTimeShort(n))
 }
}
