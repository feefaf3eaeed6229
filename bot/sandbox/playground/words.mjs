// What the story looks for and clicks on, as the cards say it in Spanish. A change
// of the catalogue that people would notice is noticed here.
export const conversations = {
  personal: 'Personal Chat',
  director: 'Altas - General',
  subdirector: /^Altas - (?!General)/,
}

export const people = {director: 'directora', subdirector: 'subdirector', requester: 'secretaria'}

export const form = {
  steps: ['Paso 1 de 3', 'Paso 2 de 3', 'Paso 3 de 3'],
  next: 'Siguiente',
  submit: 'Enviar',
  petition: {
    'Tipo de cuenta': {choose: 'Docente'},
    'Medio': {choose: 'Oficio'},
    'Número': 'SEDU/DTI/045/2026',
    'Fecha': {date: 'today'},
  },
  person: {
    'Nombre(s)': 'María Guadalupe',
    'Primer apellido': 'Garza',
    'Segundo apellido': 'Peña',
    'CURP': 'GAPM120515MCLRRRA4',
    'CCT': '05DPR0221C',
  },
}

export const decision = {title: 'Cuenta para', approve: {director: 'Turnar', subdirector: 'Autorizar'}, decided: /Turnada|Autorizada/}
export const account = {ready: /está lista|quedó lista/, reveal: 'Mostrar contraseña', password: 'Contraseña temporal', address: /\S+@docentecoahuila\.gob\.mx/}
export const folio = /\b\d{4}-\d{6}\b/
