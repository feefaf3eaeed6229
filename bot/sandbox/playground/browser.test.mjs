// The whole main job, by typing and clicking, in a real browser: a secretary asks
// for a teacher's account, the director's office and the subdirector approve in
// their channels, and the secretary reads the password. Pictures of each step are
// kept in .ci/out/browser.
import {test} from 'node:test'
import assert from 'node:assert/strict'
import {resolve} from 'node:path'
import {Sandbox} from './sandbox.mjs'
import {Teams} from './teams.mjs'
import {account, conversations, decision, folio, form, people} from './words.mjs'

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
    const first = teams.card(form.steps[0])
    await first.complete(form.petition)
    await first.click(form.next)
  })
  await step('escribe de quién es la cuenta', async () => {
    const second = teams.card(form.steps[1])
    await second.complete(form.person)
    await second.click(form.next)
  })
  await step('revisa', async () => {
    const third = teams.card(form.steps[2])
    await third.sees(account.address)
    await third.click(form.submit)
  })
  await step('recibe el folio', async () => {
    await teams.sees(folio)
    number = (await teams.card(folio).text()).match(folio)[0]
  })
  for (const stage of ['director', 'subdirector']) {
    await step(`${stage} decide`, async () => {
      await teams.chat(conversations.personal)
      await teams.say(`actuar como ${people[stage]}`)
      await teams.chat(conversations[stage])
      const card = teams.card(number)
      await card.sees(decision.title)
      await card.click(decision.approve[stage])
      await card.sees(decision.decided)
      assert.ok(!(await card.buttons()).includes(decision.approve[stage]), 'a decided card has no dead button')
    })
  }
  await step('la secretaria recibe la cuenta', async () => {
    await teams.chat(conversations.personal)
    await teams.say(`actuar como ${people.requester}`)
    const card = teams.card(account.reveal)
    await card.sees(account.address)
    await card.click(account.reveal)
  })
  await step('lee la contraseña', async () => {
    await teams.card(account.password).shown()
  })

  await t.test('Ctrl-C ends it all', async () => {
    await teams.close()
    const end = await sandbox.stop()
    if (end) assert.deepEqual({code: end.code, alive: end.alive, prompt: end.seconds < 10}, {code: 0, alive: false, prompt: true})
  })
})
