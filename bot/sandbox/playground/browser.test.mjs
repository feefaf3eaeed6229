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
import {account, address, approval, conversations, form, teachers} from './words.mjs'

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
function story(name, tell) {
  test(name, (t) => tell((part, does) => t.test(part, async () => {
    try {
      await does()
    } finally {
      await teams.shot(`${name} - ${part}`)
    }
  })))
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
    await teams.card(form.steps[2]).click(form.submit)
    number = await office.folio()
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
