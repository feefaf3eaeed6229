// What the story looks for and clicks on, as the cards say it in Spanish. A change
// of the catalogue that people would notice is noticed here. The person is invented.
export const conversations = {
  personal: 'Personal Chat',
  director: /- General$/,
  subdirector: /- (?!General$)/,
}

export const people = {requester: 'secretaria', director: 'director', subdirector: 'subdirector', outsider: 'ajeno'}
export const acting = 'Desde ahora actúa como'

export const form = {
  steps: ['Paso 1 de 3', 'Paso 2 de 3', 'Paso 3 de 3'],
  next: 'Continuar',
  submit: 'Enviar solicitud',
  another: 'Agregar otra persona',
  petition: {
    '¿Qué cuentas solicita?': {choose: 'Docente'},
    '¿Con qué documento?': {choose: 'Oficio'},
    'Número del documento': 'SEDU/DTI/045/2026',
    'Fecha del documento': {date: 'today'},
  },
}

const teacher = (givenNames, firstSurname, secondSurname, curp) => ({
  'Nombre o nombres': givenNames,
  'Primer apellido': firstSurname,
  'Segundo apellido': secondSurname,
  'CURP': curp,
  'Clave del centro de trabajo': '05DPR0221C',
})

export const teachers = {
  lupita: teacher('María Guadalupe', 'Garza', 'Peña', 'GAPG850515MCLRXD08'),
  ximena: teacher('Ximena', 'Ruiz', 'Montes', 'RUMX900214MCLZNM09'),
  otilio: teacher('Otilio', 'Zertuche', 'Lara', 'ZELO880923HCLRRT03'),
  ursula: teacher('Úrsula', 'Ibarra', 'Wong', 'IAWU790130MCLBNR00'),
  noe: teacher('Noé', 'Quiroz', 'Xoy', 'QUXN820611HCLRYX07'),
}

export const sent = 'Solicitud enviada'
export const folio = /\b\d{4}-\d{6}\b/
export const address = /[a-z0-9.]+@docentecoahuila\.gob\.mx/

export const approval = {
  title: /Cuentas? para/,
  approve: {director: 'Turnar', subdirector: 'Autorizar'},
  decided: {director: 'Turnada por', subdirector: 'Autorizada por'},
  exclude: {open: 'Excluir a alguien', why: 'Motivo o indicaciones', confirm: 'Autorizar con lo indicado', shown: 'quedó fuera'},
  return: {open: 'Devolver', why: 'Motivo o indicaciones', confirm: 'Devolver para corregir', shown: 'Devuelta por'},
  corrected: 'Se corrigió',
  refused: 'Esta decisión corresponde a otra persona',
}

export const correct = {open: 'Corregir y enviar de nuevo', review: 'Paso 3 de 3 · Corrección', edit: 'Corregir', person: 'Paso 2 de 3 · Corrección'}

export const english = {ask: 'idioma inglés', leave: 'language spanish', settled: 'From now on', form: ['Step 1 of 3', 'Work centre'], back: 'Desde ahora le hablaré en español'}

export const account = {ready: 'Cuenta lista', reveal: 'Mostrar contraseña', password: 'Contraseña temporal', looks: /[A-Za-z]{6,}\S*\d{4}/, done: 'Ya la entregué', closed: 'ya entregó la contraseña'}
