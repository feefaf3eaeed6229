// What the story looks for and clicks on, as the cards say it in Spanish. A change
// of the catalogue that people would notice is noticed here. The person is invented.
export const conversations = {
  personal: 'Personal Chat',
  director: /- General$/,
  subdirector: /- (?!General$)/,
}

export const people = {requester: 'secretaria', director: 'directora', subdirector: 'subdirector'}

export const form = {
  steps: ['Paso 1 de 3', 'Paso 2 de 3', 'Paso 3 de 3'],
  next: 'Continuar',
  submit: 'Enviar solicitud',
  petition: {
    '¿Qué cuentas solicita?': {choose: 'Docente'},
    '¿Con qué documento?': {choose: 'Oficio'},
    'Número del documento': 'SEDU/DTI/045/2026',
    'Fecha del documento': {date: 'today'},
  },
  teacher: {
    'Nombre o nombres': 'María Guadalupe',
    'Primer apellido': 'Garza',
    'Segundo apellido': 'Peña',
    'CURP': 'GAPM120515MCLRRRA4',
    'Clave del centro de trabajo': '05DPR0221C',
  },
}

export const sent = 'Solicitud enviada'
export const folio = /\b\d{4}-\d{6}\b/
export const address = /[a-z0-9.]+@docentecoahuila\.gob\.mx/

export const approval = {
  title: 'Cuenta para',
  approve: {director: 'Turnar', subdirector: 'Autorizar'},
  decided: {director: 'Turnada por', subdirector: 'Autorizada por'},
}

export const account = {ready: 'Cuenta lista', reveal: 'Mostrar contraseña', password: 'Contraseña temporal'}
