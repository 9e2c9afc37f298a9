// Reads calendars and feeds as programs of others do, for the tests: `node read_back.mjs FILE…` prints JSON by file.
import { readFileSync } from 'node:fs'
import ICAL from 'ical.js'
import Parser from 'rss-parser'

function calendar (text) {
  const root = new ICAL.Component(ICAL.parse(text))
  return {
    lifetime: ICAL.Duration.fromString(root.getFirstPropertyValue('x-published-ttl')).toSeconds(),
    events: root.getAllSubcomponents('vevent').map((each) => {
      const event = new ICAL.Event(each)
      return {
        uid: event.uid,
        title: event.summary,
        description: event.description,
        start: event.startDate.toString(),
        end: each.hasProperty('dtend') ? event.endDate.toString() : null,
        isDay: event.startDate.isDate,
        status: each.getFirstPropertyValue('status'),
        sequence: event.sequence
      }
    })
  }
}

async function feed (text) {
  const { title, items } = await new Parser().parseString(text)
  return {
    title,
    items: items.map((each) => ({ id: each.id ?? each.guid, title: each.title, snippet: each.contentSnippet ?? each.summary, link: each.link }))
  }
}

const read = {}
for (const name of process.argv.slice(2)) {
  const text = readFileSync(name, 'utf8')
  read[name] = text.startsWith('BEGIN:VCALENDAR') ? calendar(text) : await feed(text)
}
console.log(JSON.stringify(read))
