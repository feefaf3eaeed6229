// The people of the story, who all sit at one Playground: whoever acts is said in
// the personal chat, "actuar como …", and from then on clicks and writes.
import {acting, approval, conversations, folio, form, people, sent} from './words.mjs'

export class Office {
  #teams

  constructor(teams) {
    this.#teams = teams
  }

  // as makes a person the one who acts; they are at their chat with Altas.
  async as(person) {
    await this.#teams.chat(conversations.personal)
    await this.#teams.answer(acting, () => this.#teams.say(`actuar como ${people[person]}`))
  }

  // ask sends a request for teachers through the form and returns its folio.
  async ask(...teachers) {
    await this.#teams.say('solicitar')
    const first = this.#teams.card(form.steps[0])
    await first.complete(form.petition)
    await first.click(form.next)
    for (const [i, teacher] of teachers.entries()) {
      if (i) await this.#teams.card(form.steps[2]).click(form.another)
      await this.#teams.card(form.steps[1]).complete(teacher)
      await this.#teams.card(form.steps[1]).click(form.next)
    }
    return this.send()
  }

  // send sends the form that is reviewed and returns its folio.
  async send() {
    await this.#teams.card(form.steps[2]).click(form.submit)
    await this.#teams.gone(form.steps[2])
    const card = await this.#teams.card(sent).sees(folio)
    return (await card.text()).match(folio)[0]
  }

  // at opens the stage's channel and returns the newest card of the request there. A row of a list has
  // the number without the word.
  async at(stage, number) {
    await this.#teams.chat(conversations[stage])
    return this.#teams.card(new RegExp(`${approval.title.source}[^]*Folio ${number}`)).shown()
  }

  // approve lets the stage's own person approve in its channel.
  async approve(stage, number) {
    await this.as(stage)
    const card = await this.at(stage, number)
    await card.click(approval.approve[stage])
    return card.sees(approval.decided[stage])
  }
}
