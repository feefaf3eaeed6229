// What the story looks for and clicks on, as the cards say it in Spanish. A change
// of the catalogue that people would notice is noticed here. The person is invented.
export const conversations = {
  personal: 'Personal Chat',
  director: /- General$/,
  subdirector: /- (?!General$)/,
}

export const people = {requester: 'secretaria', director: 'director', subdirector: 'subdirector', head: 'jefa', outsider: 'ajeno'}
export const acting = 'Desde ahora actúa como'

export const notice = {
  title: 'Aviso de privacidad',
  whose: '¿Quién es responsable?',
  understood: 'Enterado',
  confirmed: /Confirmó haberlo leído/,
  typed: /Su mensaje lleva una CURP/,
}

export const form = {
  steps: ['Paso 1 de 3', 'Paso 2 de 3', 'Paso 3 de 3'],
  next: 'Continuar',
  submit: 'Enviar solicitud',
  another: 'Agregar otra persona',
  petition: {
    '¿Qué cuentas solicita?': {choose: 'Docente'},
    '¿Cómo llegó la petición?': {choose: 'Oficio'},
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
  title: /Cuentas? de (docente|alumno|centro de trabajo) para/,
  approve: {director: 'Turnar', subdirector: 'Autorizar'},
  decided: {director: 'Turnada por', subdirector: 'Autorizada por'},
  exclude: {open: 'Con indicaciones o exclusiones', why: 'Motivo o indicaciones', confirm: 'Autorizar con lo indicado', shown: 'quedó fuera'},
  return: {open: 'Devolver', why: 'Motivo o indicaciones', confirm: 'Devolver para corregir', shown: 'Devuelta por'},
  corrected: 'Se corrigió',
  refused: 'Usted no está entre quienes deciden aquí',
}

export const correct = {open: 'Corregir y enviar de nuevo', review: 'Paso 3 de 3 · Corrección', edit: 'Corregir', person: 'Paso 2 de 3 · Corrección'}

export const english = {
  ask: 'idioma inglés', leave: 'language spanish', settled: 'From now on', back: 'Desde ahora le hablaré en español',
  steps: ['Step 1 of 3', 'Step 2 of 3', 'Step 3 of 3'], next: 'Continue', submit: 'Send request', sent: 'Request sent',
  petition: {'Which accounts do you need?': {choose: 'Teacher'}, 'How did the request arrive?': {choose: 'Official letter'}, 'Document number': 'SEDU/DTI/046/2026'},
  person: {'Given name or names': 'Wilma', 'First surname': 'Ochoa', 'CURP': 'OOXW881109MCLCXL01', 'Work centre key (CCT)': '05DPR0221C'},
  status: 'status', follows: 'Progress',
}

export const slips = {
  typed: 'solicitr', guess: '¿Quiso decir «solicitar»?',
  curp: 'GAPG850515MCLRXD09', told: 'La CURP termina en un dígito que no corresponde', checked: 'Revise lo marcado',
  discard: 'Descartar', yes: 'Sí, descartar', discarded: 'Formulario descartado',
  passed: 'Esta tarjeta ya no está vigente',
}

// The stops of the form's second step, from its first input by the keyboard alone.
export const stops = ['Nombre o nombres', 'Primer apellido', 'Segundo apellido (opcional)', 'CURP', 'Clave del centro de trabajo (CCT)',
  'Número de empleado (opcional)', 'Continuar']

export const search = {
  found: (words) => `Búsqueda: ${words}`, none: 'Sin resultados', requester: 'Silvia Treviño Sánchez', follows: 'Seguimiento',
  pending: 'pendientes', listed: 'Pendientes: Dirección General', newer: 'Hay una tarjeta más reciente',
}

export const cancel = {open: 'Cancelar solicitud', yes: 'Sí, cancelar', done: 'Cancelada'}

export const centre = {
  missing: 'No aparece', typed: 'Clave que no aparece en la búsqueda', cct: '05DPR0221C', name: 'Escuela Primaria Benito Juárez',
  shown: 'Escuela Primaria Benito Juárez · Saltillo',
  petition: {...form.petition, '¿Qué cuentas solicita?': {choose: 'Centro de trabajo'}}, responsible: 'Responsable de la cuenta',
}

export const account = {ready: 'Cuenta lista', reveal: 'Mostrar contraseña', password: 'Contraseña temporal', looks: /[A-Za-z]{6,}\S*\d{4}/, done: 'Ya la entregué', closed: 'ya entregó la contraseña'}
