/**
 * Counts anew, while an editor chooses what a page is about, how many people would be told of it.
 *
 * `templates/core/admin/follower_count_panel.html` has the count as it was when the form was opened, which stays where
 * this does not run.
 */
"use strict"

// The fields by which a page says what it is about: SUBJECT_FIELDS of followers/topics.py.
const SUBJECTS = ["centres", "services", "centre", "service", "forum"]

/** @returns {URLSearchParams} what the page is about, as the form has it now */
function aboutOf(form, { toldPage, toldParent }) {
  const data = new FormData(form)
  const chosen = SUBJECTS.flatMap((name) => data.getAll(name))
  return new URLSearchParams([toldPage, toldParent, ...chosen].filter(Boolean).map((key) => ["about", key]))
}

document.addEventListener("change", async ({ target }) => {
  const count = document.querySelector("[data-told]")
  const form = count && count.closest("form")
  if (!form || !form.contains(target) || !SUBJECTS.includes(target.name)) return
  const asked = aboutOf(form, count.dataset).toString()
  count.dataset.asked = asked
  const answer = await fetch(`${count.dataset.told}?${asked}`, { headers: { Accept: "application/json" } })
  // An answer that comes after a later question is not for it.
  if (answer.ok && count.dataset.asked === asked) count.textContent = (await answer.json()).text
})
