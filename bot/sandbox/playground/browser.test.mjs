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
import {account, address, approval, conversations, correct, english, form, teachers} from './words.mjs'

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
    await teams.card(form.steps[0]).complete(form.petition)
  })
  await step('escribe de quién es la cuenta', async () => {
    await teams.card(form.steps[0]).click(form.next)
    await teams.card(form.steps[1]).complete(teachers.lupita)
  })
  await step('revisa', async () => {
    await teams.card(form.steps[1]).click(form.next)
    await teams.card(form.steps[2]).sees(address)
  })
  await step('envía y recibe el folio', async () => {
    number = await office.send()
  })
  for (const stage of ['director', 'subdirector']) {
    await step(`${stage} ve la solicitud`, async () => {
      await office.as(stage)
      await office.at(stage, number)
    })
    await step(`${stage} aprueba`, async () => {
      const card = teams.card(number)
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

story('quien no debe no decide', async (step) => {
  let number
  await step('la secretaria solicita', async () => {
    await office.as('requester')
    number = await office.ask(teachers.noe)
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

story('en inglés', async (step) => {
  await step('pide English y solicita', async () => {
    await office.as('requester')
    await teams.say(english.ask)
    await teams.sees(english.settled)
    await teams.say('request')
    await teams.card(english.form[0]).sees(english.form[1])
  })
  await step('vuelve al español', async () => {
    await teams.say(english.leave)
    await teams.sees(english.back)
  })
})
