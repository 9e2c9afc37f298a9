/**
 * Checks of editors' words for Wagtail's content checker, which runs them in the preview and on the page itself.
 *
 * Only signed-in editors load this. `core/editorial_rules/content_checker.py` says which rule uses a check and with what options; the
 * rules of links and capitals are those of `core/editorial_rules/validators.py`, by which publishing is refused.
 */
"use strict"

const HAS_DIGIT = /\p{Nd}/u
const AROUND_WORDS = /^[^\p{L}\p{N}_]+|[^\p{L}\p{N}_]+$/gu
// A text shorter than this, in words, says nothing about how hard a page is to read.
const FEWEST_WORDS = 100

/** @returns {string} the words of an element, with single spaces between them */
const wordsOf = (element) => element.textContent.split(/\s+/).filter(Boolean).join(" ")

/** @returns {boolean} whether a text has capitals and no small letters */
const isUpper = (text) => text === text.toUpperCase() && text !== text.toLowerCase()

/** @returns {boolean} whether a link says where it leads */
function checkLinkWords(link, { vague, address }) {
  const name = link.getAttribute("aria-label") || wordsOf(link)
  const words = name.replace(AROUND_WORDS, "")
  return !vague.includes(words.toLowerCase()) && !new RegExp(`^(?:${address})$`, "i").test(words)
}

/** @returns {boolean} whether a heading is more than capitals, or no longer than an abbreviation */
function checkCapitals(heading, { longest }) {
  const words = wordsOf(heading)
  if (!isUpper(words)) return true
  const shouted = words.split(" ").filter((word) => isUpper(word) && !HAS_DIGIT.test(word))
  const letters = shouted.join("").match(/\p{L}/gu) || []
  return shouted.length === 0 || (shouted.length === 1 && letters.length <= longest)
}

/** @returns {string[]} the sentences of a text */
function sentencesOf(text) {
  const segments = new Intl.Segmenter("en-GB", { granularity: "sentence" }).segment(text)
  return [...segments].map(({ segment }) => segment.trim()).filter(Boolean)
}

/** @returns {string[]} the words of a text, without marks and numbers */
const lettersOf = (text) => text.match(/[\p{L}’']+/gu) || []

// What does not end like a sentence is a label, or a list of facts.
const ENDS_A_SENTENCE = /[.!?][)”"’]*$/

/** @returns {boolean} whether every sentence of a paragraph or list item is short enough */
function checkLongSentence(element, { longest }) {
  // An item with a list or paragraphs inside is judged by these.
  if (element.querySelector("p, li")) return true
  const sentences = sentencesOf(wordsOf(element)).filter((sentence) => ENDS_A_SENTENCE.test(sentence))
  return sentences.every((sentence) => lettersOf(sentence).length <= longest)
}

/** @returns {number} how many syllables an English word has, by its groups of vowels */
function syllablesOf(word) {
  const groups = word.toLowerCase().replace(/(?:[^laeiouy]es|[^laeiouytd]ed|[^laeiouy]e)$/, "").match(/[aeiouy]{1,2}/g)
  return groups ? groups.length : 1
}

/** @returns {boolean} whether the sentences of a page are for readers of that age or younger (Flesch and Kincaid) */
function checkReadingAge(main, { hardest }) {
  const texts = [...main.querySelectorAll("p, li")].filter((each) => !each.querySelector("p, li")).map(wordsOf)
  const sentences = texts.filter((text) => ENDS_A_SENTENCE.test(text)).flatMap(sentencesOf)
  const words = sentences.flatMap(lettersOf)
  if (words.length < FEWEST_WORDS) return true
  const syllables = words.reduce((sum, word) => sum + syllablesOf(word), 0)
  const grade = 0.39 * (words.length / sentences.length) + 11.8 * (syllables / words.length) - 15.59
  return grade + 5 <= hardest
}

const { userbar } = window.wagtail
userbar.registerCheck("check-link-words", checkLinkWords)
userbar.registerCheck("check-capitals", checkCapitals)
userbar.registerCheck("check-long-sentence", checkLongSentence)
userbar.registerCheck("check-reading-age", checkReadingAge)
