package letter

// text is a text of letters, and the names that may stand in it in braces.
type text struct {
	spanish string
	names   []string
}

// everywhere are the names that every text may use.
var everywhere = []string{"number", "folio", "date", "office", "place"}

// texts are the texts of letters, by key; "key@kind" takes the place of "key" for one kind of
// request. ".one" and ".many" go by the number of accounts.
var texts = map[string]text{
	"title":        {"Oficio {number}: respuesta a la solicitud {folio}", nil},
	"footer.left":  {"Folio {folio} · Oficio {number}", nil},
	"footer.right": {"Página {page} de {pages}", []string{"page", "pages"}},

	"number":           {"Oficio núm. {number}", nil},
	"file":             {"Expediente: {file}", []string{"file"}},
	"subject":          {"Asunto: {subject}", []string{"subject"}},
	"subject.one":      {"Respuesta a la solicitud de una cuenta de correo institucional", nil},
	"subject.many":     {"Respuesta a la solicitud de cuentas de correo institucional", nil},
	"date":             {"{place}, a {date}", nil},
	"addressee.cct":    {"C.C.T. {cct}", []string{"cct"}},
	"addressee.ending": {"PRESENTE.", nil},

	"subject.one@recovery":  {"Respuesta a la solicitud de recuperación de una contraseña", nil},
	"subject.many@recovery": {"Respuesta a la solicitud de recuperación de contraseñas", nil},

	"reference": {
		"En atención a {petition}, con el folio de registro {folio}, le informo lo siguiente:",
		[]string{"petition"},
	},
	"petition.dated":                      {"{petition}, de fecha {petitionDate}", []string{"petition", "petitionDate"}},
	"petition.oficio":                     {"su oficio número {petitionNumber}", []string{"petitionNumber"}},
	"petition.oficio.unnumbered":          {"su oficio sin número", nil},
	"petition.tarjeta":                    {"su tarjeta número {petitionNumber}", []string{"petitionNumber"}},
	"petition.tarjeta.unnumbered":         {"su tarjeta sin número", nil},
	"petition.correspondencia":            {"la solicitud que envió por el sistema de correspondencia con el número {petitionNumber}", []string{"petitionNumber"}},
	"petition.correspondencia.unnumbered": {"la solicitud que envió por el sistema de correspondencia", nil},
	"petition.correo":                     {"su correo electrónico con referencia {petitionNumber}", []string{"petitionNumber"}},
	"petition.correo.unnumbered":          {"su correo electrónico", nil},
	"petition.other":                      {"su solicitud número {petitionNumber}", []string{"petitionNumber"}},
	"petition.other.unnumbered":           {"su solicitud", nil},

	"type.docente.one":  {"docente", nil},
	"type.docente.many": {"docentes", nil},
	"type.alumno.one":   {"alumno", nil},
	"type.alumno.many":  {"alumnos", nil},
	"type.centro.one":   {"centro de trabajo", nil},
	"type.centro.many":  {"centros de trabajo", nil},

	"body.made.one":      {"Se creó la cuenta de correo institucional de {type} que solicitó, la cual se detalla en este oficio.", body},
	"body.made.many":     {"Se crearon las {count} cuentas de correo institucional de {type} que solicitó, las cuales se relacionan en este oficio.", body},
	"body.exists.one":    {"La cuenta de correo institucional de {type} que solicitó ya existía, por lo que no se creó otra.", body},
	"body.exists.many":   {"Las {count} cuentas de correo institucional de {type} que solicitó ya existían, por lo que no se crearon otras.", body},
	"body.excluded.one":  {"No se creó la cuenta de correo institucional de {type} que solicitó; el motivo se indica en este oficio.", body},
	"body.excluded.many": {"No se creó ninguna de las {count} cuentas de correo institucional de {type} que solicitó; el motivo de cada una se indica en este oficio.", body},
	"body.mixed":         {"De las {count} cuentas de correo institucional de {type} que solicitó, {results}.", append([]string{"results"}, body...)},
	"mixed.made.one":     {"se creó una", body},
	"mixed.made.many":    {"se crearon {count}", body},
	"mixed.exists.one":   {"ya existía una, que no se creó de nuevo", body},
	"mixed.exists.many":  {"ya existían {count}, que no se crearon de nuevo", body},
	"mixed.excluded.one": {
		"no se creó una, por el motivo que se indica en este oficio", body,
	},
	"mixed.excluded.many": {"no se crearon {count}, por los motivos que se indican en este oficio", body},

	"body.made.one@recovery": {
		"Se renovó la contraseña de la cuenta de correo institucional que se detalla en este oficio. " +
			"La contraseña anterior dejó de servir y se cerraron las sesiones abiertas.", body,
	},
	"body.made.many@recovery": {
		"Se renovaron las contraseñas de las {count} cuentas de correo institucional que se relacionan en este oficio. " +
			"Las contraseñas anteriores dejaron de servir y se cerraron las sesiones abiertas.", body,
	},
	"body.excluded.one@recovery":   {"No se renovó la contraseña de la cuenta que solicitó; el motivo se indica en este oficio.", body},
	"body.excluded.many@recovery":  {"No se renovó la contraseña de ninguna de las {count} cuentas que solicitó; el motivo de cada una se indica en este oficio.", body},
	"body.mixed@recovery":          {"De las {count} cuentas cuya contraseña solicitó renovar, {results}.", append([]string{"results"}, body...)},
	"mixed.made.one@recovery":      {"se renovó la de una", body},
	"mixed.made.many@recovery":     {"se renovó la de {count}", body},
	"mixed.excluded.one@recovery":  {"no se renovó la de una, por el motivo que se indica en este oficio", body},
	"mixed.excluded.many@recovery": {"no se renovó la de {count}, por los motivos que se indican en este oficio", body},

	// Where somebody was excluded without a reason.
	"body.excluded.one.bare":            {"No se creó la cuenta de correo institucional de {type} que solicitó.", body},
	"body.excluded.many.bare":           {"No se creó ninguna de las {count} cuentas de correo institucional de {type} que solicitó.", body},
	"mixed.excluded.one.bare":           {"no se creó una", body},
	"mixed.excluded.many.bare":          {"no se crearon {count}", body},
	"body.excluded.one.bare@recovery":   {"No se renovó la contraseña de la cuenta que solicitó.", body},
	"body.excluded.many.bare@recovery":  {"No se renovó la contraseña de ninguna de las {count} cuentas que solicitó.", body},
	"mixed.excluded.one.bare@recovery":  {"no se renovó la de una", body},
	"mixed.excluded.many.bare@recovery": {"no se renovó la de {count}", body},

	"rejected":       {"Una vez revisada su solicitud, le comunico que no es posible atenderla, por el motivo siguiente:", nil},
	"rejected.bare":  {"Una vez revisada su solicitud, le comunico que no es posible atenderla.", nil},
	"rejected.again": {"Si desea solicitarlo de nuevo, atienda ese motivo y escriba «solicitar» a Altas, en Microsoft Teams; su nueva solicitud tendrá otro folio.", nil},
	"rejected.again@recovery": {
		"Si desea solicitarlo de nuevo, atienda ese motivo y escriba «recuperar» a Altas, en Microsoft Teams; su nueva solicitud tendrá otro folio.", nil,
	},
	"quote":    {"«{reason}»", []string{"reason"}},
	"replaces": {"Este oficio sustituye al oficio número {replaces}, que queda sin efecto.", []string{"replaces"}},

	"accounts.title":           {"Relación de cuentas", nil},
	"accounts.number":          {"No.", nil},
	"accounts.name":            {"Nombre", nil},
	"accounts.cct":             {"C.C.T.", nil},
	"accounts.group":           {"Grupo", nil},
	"accounts.address":         {"Cuenta", nil},
	"accounts.address.reason":  {"Cuenta, o motivo", nil},
	"accounts.result":          {"Resultado", nil},
	"result.made":              {"Creada", nil},
	"result.made@recovery":     {"Renovada", nil},
	"result.exists":            {"Ya existía", nil},
	"result.excluded":          {"No se creó", nil},
	"result.excluded@recovery": {"No se renovó", nil},

	"access.title":          {"Cómo entrar por primera vez", nil},
	"access.title@recovery": {"Cómo entrar con la contraseña temporal", nil},
	"access.1":              {"1. Pida a Altas, en Microsoft Teams, la contraseña temporal: se muestra en privado y solo a quien hizo la solicitud. Este oficio no contiene contraseñas.", access},
	"access.2":              {"2. Entréguela en persona al titular de la cuenta, quien entra a {portal} con su cuenta y esa contraseña.", access},
	"access.3":              {"3. Al entrar, el sistema pide escribir una contraseña nueva, que debe conocer solo el titular.", access},

	"decisions.title":  {"Atención de la solicitud", nil},
	"decisions.turned": {"Turnó", nil},
	"decisions.made":   {"Autorizó", nil},
	"decisions.reject": {"No autorizó", nil},
	"decisions.who":    {"{name}, el {decisionDate}", []string{"name", "decisionDate"}},

	"closing":         {"Sin otro particular, reciba un cordial saludo.", nil},
	"closing.ending":  {"ATENTAMENTE", nil},
	"signer.unnamed":  {"Nombre y firma", nil},
	"copies":          {"c.c.p. {copy}", []string{"copy"}},
	"seal.alt":        {"Código QR que lleva a la página de verificación de este oficio: {url}", []string{"url"}},
	"seal.linked":     {"Código de verificación: {code}\nPara comprobar su autenticidad, escanee el código o visite\n{url}", []string{"code", "url"}},
	"seal.unlinked":   {"Código de verificación: {code}\nPara comprobar su autenticidad, comuníquese con {office} e indique el número del oficio y este código.", []string{"code"}},
	"metadata.author": {"Secretaría de Educación de Coahuila", nil},
}

var (
	body   = []string{"count", "type"}
	access = []string{"portal"}
)
