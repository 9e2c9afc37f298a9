/**
 * Suggestions while somebody types into a search box: a combobox with a list, as WAI-ARIA 1.2 has it.
 *
 * The form works without this file. Whatever goes wrong here (no answer, an error, too many questions) leaves the plain
 * field that it was. The policy of public pages allows no style attribute and no HTML from strings: there are none.
 */
"use strict"

/** @typedef {{text: string, kind: string, url: string}} Suggestion */

const FEWEST_CHARACTERS = 2
const MOST_SUGGESTIONS = 8
const MILLISECONDS_BEFORE_ASKING = 200
// A screen reader first says the letters that are typed, and drops a message that comes in between.
const MILLISECONDS_BEFORE_SAYING = 1000

/** @type {Map<string, Suggestion[]>} what was answered to each query, while the page lives */
const answers = new Map()

/** @returns {string} the address if it is on this site, else nothing: then the suggestion is searched for */
function addressHere(url) {
  if (typeof url !== "string" || !url) return ""
  try {
    const address = new URL(url, location.href)
    return address.origin === location.origin ? address.href : ""
  } catch (error) {
    return ""
  }
}

/** @returns {Suggestion[]} what can be shown of an answer; throws where there is no list in it */
function read(answer) {
  return answer.suggestions
    .filter(({ text }) => typeof text === "string" && text)
    .slice(0, MOST_SUGGESTIONS)
    .map(({ text, kind, url }) => ({ text, kind: typeof kind === "string" ? kind : "", url: addressHere(url) }))
}

/** @returns {Promise<Suggestion[]>} the suggestions for `query`; fails like fetch, and where the answer is an error */
async function ask(address, query, signal) {
  const headers = { Accept: "application/json" }
  const response = await fetch(`${address}?query=${encodeURIComponent(query)}`, { headers, signal })
  if (!response.ok) throw new Error(`Suggestions: ${response.status}`)
  const suggestions = read(await response.json())
  answers.set(query, suggestions)
  return suggestions
}

/** @returns {HTMLElement} a new element with these attributes and this text */
function make(tag, attributes, text = "") {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.textContent = text
  return element
}

/** @returns {HTMLElement} a line of the list */
function makeOption({ text, kind }, id) {
  const option = make("li", {
    class: "bctt-suggestions__option",
    id,
    role: "option",
    "aria-selected": "false",
    // So that a screen reader pauses between the two.
    "aria-label": kind ? `${text}, ${kind}` : text
  })
  option.append(make("span", { class: "bctt-suggestions__text" }, text))
  if (kind) option.append(" ", make("span", { class: "bctt-suggestions__kind" }, kind))
  return option
}

/** Gives a search form its suggestions. */
function enhance(form) {
  const input = form.querySelector("[name=query]")
  const row = input && input.closest(".bctt-search__row")
  if (!row) return
  const address = new URL("suggestions/", form.action).href

  const list = make("ul", {
    class: "bctt-suggestions",
    id: `${input.id}-suggestions`,
    role: "listbox",
    "aria-label": "Suggestions",
    hidden: ""
  })
  const status = make("div", { class: "nhsuk-u-visually-hidden", role: "status" })
  row.append(list, status)
  input.setAttribute("role", "combobox")
  input.setAttribute("aria-autocomplete", "list")
  input.setAttribute("aria-controls", list.id)
  input.setAttribute("aria-expanded", "false")

  /** @type {Suggestion[]} */
  let shown = []
  // The place of the highlighted line; -1 is the field itself.
  let highlighted = -1
  let asking = new AbortController()
  let beforeAsking = 0
  let beforeSaying = 0

  function say(message, milliseconds = 0) {
    clearTimeout(beforeSaying)
    beforeSaying = setTimeout(() => { status.textContent = message }, milliseconds)
  }

  function highlight(place) {
    const before = list.children[highlighted]
    if (before) before.setAttribute("aria-selected", "false")
    highlighted = place
    const now = list.children[place]
    if (!now) {
      input.removeAttribute("aria-activedescendant")
      return
    }
    now.setAttribute("aria-selected", "true")
    input.setAttribute("aria-activedescendant", now.id)
    now.scrollIntoView({ block: "nearest" })
  }

  function stopAsking() {
    clearTimeout(beforeAsking)
    asking.abort()
  }

  function close() {
    stopAsking()
    highlight(-1)
    list.hidden = true
    input.setAttribute("aria-expanded", "false")
    say("")
  }

  function open(suggestions) {
    highlight(-1)
    shown = suggestions
    list.replaceChildren(...shown.map((each, place) => makeOption(each, `${list.id}-${place}`)))
    list.hidden = !shown.length
    list.scrollTop = 0
    input.setAttribute("aria-expanded", String(!list.hidden))
    const count = shown.length === 1 ? "1 suggestion" : `${shown.length || "No"} suggestions`
    say(shown.length ? `${count}. Use the up and down arrow keys to choose.` : `${count}.`, MILLISECONDS_BEFORE_SAYING)
  }

  async function askAndOpen(query) {
    asking = new AbortController()
    const { signal } = asking
    try {
      const suggestions = await ask(address, query, signal)
      if (!signal.aborted) open(suggestions)
    } catch (error) {
      if (!signal.aborted) close()
    }
  }

  /** Shows suggestions for what is in the field: at once if they are known, else after a pause in the typing. */
  function suggest() {
    const query = input.value.trim().replace(/\s+/g, " ")
    if (query.length < FEWEST_CHARACTERS) {
      close()
      return
    }
    stopAsking()
    highlight(-1)
    if (answers.has(query)) open(answers.get(query))
    else beforeAsking = setTimeout(askAndOpen, MILLISECONDS_BEFORE_ASKING, query)
  }

  function choose({ text, url }) {
    close()
    if (url) {
      location.assign(url)
    } else {
      input.value = text
      form.submit()
    }
  }

  /** Goes round: from the field through the lines and back to the field. */
  function step(by) {
    const places = shown.length + 1
    highlight(((highlighted + 1 + by + places) % places) - 1)
  }

  function onKey(event) {
    // Enter and the arrows belong to whoever is putting a character together.
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    if (list.hidden) {
      if (event.key === "ArrowDown") suggest()
      return
    }
    if (event.key === "ArrowDown") step(1)
    else if (event.key === "ArrowUp") step(-1)
    else if (event.key === "Escape") close()
    else if (event.key === "Enter" && highlighted >= 0) choose(shown[highlighted])
    else {
      // Back in the words: Enter now means what is typed.
      if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) highlight(-1)
      return
    }
    event.preventDefault()
  }

  input.addEventListener("input", suggest)
  input.addEventListener("keydown", onKey)
  input.addEventListener("blur", close)
  form.addEventListener("submit", close)
  // The field keeps the focus, and with it the list, while a line is pressed.
  list.addEventListener("mousedown", (event) => event.preventDefault())
  list.addEventListener("click", (event) => {
    const place = [...list.children].indexOf(event.target.closest("[role=option]"))
    if (place >= 0) choose(shown[place])
  })
}

// Old browsers keep the plain field.
if ("AbortController" in window && "replaceChildren" in Element.prototype) {
  document.querySelectorAll("form.bctt-search").forEach(enhance)
}
