// The whole main job, by typing and clicking, in a real browser: a secretary asks
// for a teacher's account, the director's office and the subdirector approve in
// their channels, and the secretary reads the password. Pictures of each step are
// kept in .ci/out/browser.
import {test} from 'node:test'
import assert from 'node:assert/strict'
import {resolve} from 'node:path'
import {Sandbox} from './sandbox.mjs'
import {Teams} from './teams.mjs'
import {account, address, approval, conversations, folio, form, people, sent} from './words.mjs'

const shots = process.env.SHOTS ?? resolve(import.meta.dirname, '../../../.ci/out/browser')

test('from "solicitar" to the password', async (t) => {
  const sandbox = await Sandbox.start()
  const teams = await Teams.open(sandbox.url, {shots})
  const step = (name, does) => t.test(name, async () => {
    try {
      await does()
    } finally {
      await teams.shot(name)
    }
  })
  let number

  await step('la secretaria solicita', async () => {
    await teams.chat(conversations.personal)
    await teams.say('solicitar')
    await teams.card(form.steps[0]).complete(form.petition)
  })
  await step('escribe de quién es la cuenta', async () => {
    await teams.card(form.steps[0]).click(form.next)
    await teams.card(form.steps[1]).complete(form.teacher)
  })
  await step('revisa', async () => {
    await teams.card(form.steps[1]).click(form.next)
    await teams.card(form.steps[2]).sees(address)
  })
  await step('envía y recibe el folio', async () => {
    await teams.card(form.steps[2]).click(form.submit)
    const card = await teams.card(sent).sees(folio)
    number = (await card.text()).match(folio)[0]
  })
  for (const stage of ['director', 'subdirector']) {
    await step(`${stage} ve la solicitud`, async () => {
      await teams.chat(conversations.personal)
      await teams.say(`actuar como ${people[stage]}`)
      await teams.chat(conversations[stage])
      await teams.card(number).sees(approval.title)
    })
    await step(`${stage} aprueba`, async () => {
      const card = teams.card(number)
      await card.click(approval.approve[stage])
      await card.sees(approval.decided[stage])
      assert.ok(!(await card.buttons()).includes(approval.approve[stage]), 'a decided card has no dead button')
    })
  }
  await step('la secretaria recibe la cuenta', async () => {
    await teams.chat(conversations.personal)
    await teams.say(`actuar como ${people.requester}`)
    const card = await teams.card(account.reveal).sees(account.ready)
    await card.sees(address)
  })
  await step('lee la contraseña', async () => {
    await teams.card(account.reveal).click(account.reveal)
    await teams.card(account.password).sees(address)
  })

  await t.test('Ctrl-C ends it all', async () => {
    await teams.close()
    const end = await sandbox.stop()
    if (end) assert.deepEqual({code: end.code, alive: end.alive, prompt: end.seconds < 10}, {code: 0, alive: false, prompt: true})
  })
})
