package table

// Field is something that a column may hold.
type Field struct {
	Name string
	// Called are the names that people give the column, folded.
	Called []string
}

// Fields are all fields, in the order in which they are offered. The names are English, German, French, Spanish, Portuguese and
// Japanese.
var Fields = []Field{
	{"order", []string{"orderid", "ordernumber", "orderno", "bestellung", "bestellnummer", "auftrag", "auftragsnummer", "commande", "numerodecommande", "numérodecommande", "pedido", "numerodepedido", "númerodepedido", "encomenda", "注文", "注文番号"}},
	{"reference", []string{"ref", "yourreference", "referenz", "kennung", "référence", "reference", "referencia", "referência", "参照番号", "管理番号"}},
	{"carrier", []string{"courier", "shippingcarrier", "versender", "paketdienst", "dienst", "transporteur", "transportista", "transportadora", "運送会社", "配送業者"}}, //nolint:misspell // French
	{"tracking_number", []string{"tracking", "trackingno", "trackingid", "sendungsnummer", "paketnummer", "numerodesuivi", "numérodesuivi", "suivi", "numerodeseguimiento", "númerodeseguimiento", "seguimiento", "codigoderastreio", "códigoderastreio", "追跡番号", "伝票番号", "送り状番号"}},
	{"service", []string{"servicelevel", "versandart", "niveaudeservice", "serviceniveau", "servicio", "serviço", "配送方法"}},
	{"name", []string{"recipient", "recipientname", "customer", "shiptoname", "empfänger", "empfaenger", "kunde", "nom", "destinataire", "nombre", "destinatario", "nome", "destinatário", "氏名", "お名前", "宛名"}},
	{"email", []string{"mail", "emailaddress", "recipientemail", "mailadresse", "emailadresse", "courriel", "adresseemail", "correo", "correoelectronico", "correoelectrónico", "メール", "メールアドレス"}},
	{"phone", []string{"telephone", "mobile", "phonenumber", "telefon", "handy", "telefonnummer", "téléphone", "telefono", "teléfono", "movil", "móvil", "telefone", "telemovel", "telemóvel", "電話", "電話番号"}},
	{"address", []string{"street", "address1", "addressline1", "straße", "strasse", "anschrift", "adresse", "rue", "calle", "direccion", "dirección", "rua", "endereço", "morada", "住所"}},
	{"city", []string{"town", "stadt", "ort", "ville", "ciudad", "cidade", "市区町村", "都市"}},
	{"postal_code", []string{"zip", "zipcode", "postcode", "plz", "postleitzahl", "codepostal", "codigopostal", "códigopostal", "cep", "郵便番号"}},
	{"country", []string{"countrycode", "land", "länderkürzel", "pays", "país", "pais", "国"}},
	{"sku", []string{"item", "itemsku", "artikel", "artikelnummer", "article", "articulo", "artículo", "artigo", "商品コード", "品番"}},
	{"quantity", []string{"qty", "menge", "anzahl", "quantité", "cantidad", "quantidade", "数量"}},
	{"title", []string{"product", "productname", "itemname", "artikelname", "produkt", "produit", "producto", "produto", "商品名"}}, //nolint:misspell // Spanish
	{"locale", []string{"language", "sprache", "langue", "idioma", "言語"}},
}
