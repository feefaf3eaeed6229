// The whole main job, by typing and clicking, in a real browser: a secretary asks
// for a teacher's account, the director's office and the subdirector approve in
// their channels, and the secretary reads the password. Then what may happen on
// the way. Pictures of each step are kept in .ci/out/browser.
import {after, before, test} from 'node:test'
import assert from 'node:assert/strict'
import {resolve} from 'node:path'
import {Office} from './office.mjs'
import {Sandbox} from './sandbox.mjs'
import {Teams} from './teams.mjs'
import {account, address, approval, cancel, centre, conversations, correct, english, form, notice, search, slips, stops, teachers} from './words.mjs'

const shots = process.env.SHOTS ?? resolve(import.meta.dirname, '../../../.ci/out/browser')
let sandbox, teams, office

before(async () => {
  sandbox = await Sandbox.start()
  teams = await Teams.open(sandbox.url, {shots})
  office = new Office(teams)
})

after(async () => {
  await teams?.close()
  const end = await sandbox?.stop()
  if (end) assert.deepEqual(end, {code: 0, prompt: true, alive: false}, 'Ctrl-C ends it all')
})

// story is a test told in steps; a picture is kept of how each ends.
// Once a step fails the rest of its story is not told.
function story(name, tell) {
  test(name, (t) => {
    let failed = false
    return tell((part, does) => t.test(part, {skip: failed && 'an earlier step failed'}, async () => {
      failed = true
      await does().finally(() => teams.shot(`${name}: ${part}`))
      failed = false
    }))
  })
}

story('de solicitar a la contraseña', async (step) => {
  let number
  await step('la secretaria solicita', async () => {
    await teams.chat(conversations.personal)
    await teams.say('solicitar')
    await teams.card(notice.title).sees(notice.whose)
  })
  await step('lee el aviso de privacidad', async () => {
    await teams.card(notice.title).click(notice.understood)
    await teams.card(notice.title).sees(notice.confirmed)
    await teams.card(form.steps[0]).complete(form.petition)
  })
  await step('recorre el formulario con el teclado', async () => {
    await teams.card(form.steps[0]).click(form.next)
    assert.deepEqual((await teams.card(form.steps[1]).tabs(stops[0], form.next)).map((s) => s.replace(' *', '')), stops)
  })
  await step('escribe de quién es la cuenta', () => teams.card(form.steps[1]).complete(teachers.lupita))
  await step('revisa', async () => {
    await teams.card(form.steps[1]).click(form.next)
    await teams.card(form.steps[2]).sees(address)
  })
  await step('envía y recibe el folio', async () => {
    number = await office.send()
  })
  for (const stage of ['director', 'subdirector']) {
    let card
    await step(`${stage} ve la solicitud`, async () => {
      await office.as(stage)
      card = await office.at(stage, number) // not the letter's card, which has the folio too and follows the approval
    })
    await step(`${stage} aprueba`, async () => {
      await card.click(approval.approve[stage])
      await card.sees(approval.decided[stage])
      assert.ok(!(await card.buttons()).includes(approval.approve[stage]), 'a decided card has no dead button')
    })
  }
  await step('la secretaria recibe la cuenta', async () => {
    await office.as('requester')
    const card = await teams.card(account.reveal).sees(account.ready)
    await card.sees(address)
  })
  await step('lee la contraseña', async () => {
    await teams.card(account.reveal).click(account.reveal)
    await teams.card(account.password).sees(address)
    await teams.rest(3000)
    assert.match(await teams.card(account.password).text(), account.looks, 'the password stays to be read')
  })
  await step('la entrega', async () => {
    await teams.card(account.password).click(account.done)
    await teams.card(account.ready).sees(account.closed)
    assert.equal(await teams.count(account.password), 0, 'it is shown no more')
  })
})

story('dos personas, una queda fuera', async (step) => {
  let number
  await step('la secretaria solicita dos cuentas', async () => {
    await office.as('requester')
    number = await office.ask(teachers.ximena, teachers.otilio)
  })
  await step('la directora turna las dos', () => office.approve('director', number))
  await step('el subdirector deja fuera a una', async () => {
    await office.as('subdirector')
    const card = await office.at('subdirector', number)
    await card.click(approval.exclude.open)
    await card.tick('Otilio')
    await card.fill(approval.exclude.why, 'Ya no trabaja en la escuela.')
    await teams.shot('dos personas, una queda fuera: indica a quién')
    await card.click(approval.exclude.confirm)
    await card.sees(approval.exclude.shown)
  })
  await step('solo una cuenta está lista', async () => {
    await office.as('requester')
    await teams.card(number).sees(account.ready)
    assert.equal(await teams.count('Cuenta lista: Otilio'), 0)
  })
})

story('devuelta, corregida y enviada', async (step) => {
  let number
  await step('la secretaria solicita', async () => {
    await office.as('requester')
    number = await office.ask({...teachers.ursula, 'Nombre o nombres': 'Ursola'})
  })
  await step('la directora la devuelve', async () => {
    await office.as('director')
    const card = await office.at('director', number)
    await card.click(approval.return.open)
    await card.fill(approval.return.why, 'El nombre no es el de la constancia.')
    await card.click(approval.return.confirm)
    await card.sees(approval.return.shown)
  })
  await step('la secretaria corrige', async () => {
    await office.as('requester')
    await teams.card(correct.open).click(correct.open)
    await teams.card(correct.review).click(correct.edit)
    const person = teams.card(correct.person)
    await person.fill('Nombre o nombres', 'Úrsula')
    await person.click(form.next)
    await teams.card(correct.review).sees('Úrsula')
    await teams.card(correct.review).click(form.submit)
    await teams.gone(correct.review)
  })
  await step('la directora ve qué cambió', async () => {
    await office.as('director')
    await (await office.at('director', number)).sees(approval.corrected)
  })
})

story('se equivoca, deja el formulario y lo retoma', async (step) => {
  await step('escribe mal la orden', async () => {
    await office.as('requester')
    await teams.say(slips.typed)
    await teams.card(slips.guess).click('Solicitar cuentas')
    await teams.card(form.steps[0]).complete(form.petition)
  })
  await step('la CURP no es correcta', async () => {
    await teams.card(form.steps[0]).click(form.next)
    await teams.card(form.steps[1]).complete({...teachers.lupita, CURP: slips.curp})
    await teams.card(form.steps[1]).click(form.next)
    await teams.card(slips.checked).sees(slips.told)
  })
  await step('lo escrito sigue ahí', async () => {
    const before = await teams.count(slips.passed)
    await teams.say('solicitar')
    await teams.cards(slips.passed, before + 1) // the form is sent anew, at the end of the chat, and its card above gives way
    assert.equal(await teams.card(form.steps[1]).value('CURP'), slips.curp)
  })
  await step('descarta', async () => {
    await teams.card(form.steps[1]).click(slips.discard)
    await teams.card(form.steps[1]).click(slips.yes)
    await teams.sees(slips.discarded)
  })
})

let asked // the folio of Noé's request, which the next three stories are about

story('quien no debe no decide', async (step) => {
  let number
  await step('la secretaria solicita', async () => {
    await office.as('requester')
    number = asked = await office.ask(teachers.noe)
  })
  for (const who of ['requester', 'outsider']) {
    await step(`${who} pulsa Turnar en el canal`, async () => {
      await office.as(who)
      const card = await office.at('director', number)
      await card.click(approval.approve.director)
      await teams.sees(approval.refused)
      assert.ok((await card.buttons()).includes(approval.approve.director), 'the card stays as it was')
    })
  }
})

story('quien administra busca', async (step) => {
  await step('por nombre, CURP, CCT, dirección y folio', async () => {
    await office.as('head')
    await teams.say(`buscar ${teachers.noe.CURP}`)
    await teams.card(notice.title).sees(notice.typed)
    await teams.card(notice.title).click(notice.understood)
    await teams.card(notice.title).sees(notice.confirmed)
    for (const words of ['quiroz noe', teachers.noe.CURP, '05DPR0221C', 'noe.quiroz@docentecoahuila.gob.mx']) {
      await teams.say(`buscar ${words}`)
      const found = await teams.card(search.found(words)).sees(asked)
      await found.sees(search.requester)
    }
    await teams.say(`estado ${asked}`)
    await teams.card(search.follows).sees(search.requester)
  })
  await step('abre lo que encontró', async () => {
    const before = await teams.count(search.newer)
    await teams.card(search.found('quiroz noe')).click(new RegExp(`^Abrir: .*${asked}`))
    await teams.cards(search.newer, before + 1) // the one that "estado" brought gives way
    await teams.card(search.follows).sees(search.requester)
  })
  await step('la Dirección ve lo pendiente', async () => {
    await office.as('director')
    await office.at('director', asked)
    await teams.mention('Altas', search.pending)
    await teams.card(search.listed).sees(asked)
  })
  await step('a quien no le toca no se le muestra', async () => {
    await office.as('outsider')
    await teams.say('buscar quiroz')
    await teams.sees(search.none)
  })
})

story('la secretaria cancela', async (step) => {
  await step('confirma', async () => {
    await office.as('requester')
    const before = await teams.count(search.follows)
    await teams.say(`estado ${asked}`)
    await teams.cards(search.follows, before + 1)
    await teams.card(asked).click(cancel.open)
    await teams.card(asked).click(cancel.yes)
    await teams.card(asked).sees(cancel.done)
  })
  await step('la tarjeta de la Dirección lo dice', async () => {
    const card = await office.at('director', asked)
    await card.sees(cancel.done)
    assert.ok(!(await card.buttons()).includes(approval.approve.director), 'no dead button')
  })
})

story('con el catálogo de centros', async (step) => {
  const first = teams
  let other
  await step('otro sandbox lo tiene', async () => {
    const log = resolve(shots, '../sandbox-centros.log')
    other = await Sandbox.start({centres: resolve(import.meta.dirname, '../testdata/centros.csv'), log})
    teams = await Teams.open(other.url, {shots: resolve(shots, 'centros')})
  })
  // The Playground cannot search while somebody types; that is told over teamsfake.
  await step('escribe la clave que el buscador no ofrece', async () => {
    await teams.chat()
    await teams.say('solicitar')
    await teams.card(notice.title).click(notice.understood)
    await teams.card(form.steps[0]).complete(centre.petition)
    await teams.card(form.steps[0]).click(form.next)
    await teams.card(form.steps[1]).click(centre.missing)
    await teams.card(form.steps[1]).complete({[centre.typed]: centre.cct, [centre.responsible]: 'Martha Ibarra Soto'})
  })
  await step('el nombre sale del catálogo', async () => {
    await teams.card(form.steps[1]).click(form.next)
    await teams.card(form.steps[2]).sees(centre.name)
    await teams.card(form.steps[2]).click(correct.edit)
    await teams.card(form.steps[1]).sees(centre.shown)
  })
  if (teams !== first) await teams.close()
  teams = first
  await other?.stop()
})

story('en inglés', async (step) => {
  await step('pide English y solicita', async () => {
    await office.as('requester')
    await teams.say(english.ask)
    await teams.sees(english.settled)
    await teams.say('request')
    await teams.card(english.steps[0]).complete(english.petition)
    await teams.card(english.steps[0]).click(english.next)
    await teams.card(english.steps[1]).complete(english.person)
    await teams.card(english.steps[1]).click(english.next)
    await teams.card(english.steps[2]).click(english.submit)
    await teams.card(english.sent)
  })
  await step('sigue su solicitud', async () => {
    await teams.say(english.status)
    await teams.sees(english.follows)
  })
  await step('vuelve al español', async () => {
    await teams.say(english.leave)
    await teams.sees(english.back)
  })
})
