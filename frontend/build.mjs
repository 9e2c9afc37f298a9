/**
 * Builds bctt/static/css/site.css (and admin.css, for the editors' screens) from scss/ and the scripts of
 * bctt/static/js from js/, and copies img/ to bctt/static/img.
 *
 * `node build.mjs` writes the files; `node build.mjs --check` writes nothing and exits with 1 when a committed file
 * differs from what this build makes, so that nobody edits the output by hand or forgets to build.
 */

import { mkdir, readFile, readdir, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { compile } from "sass"
import { minify } from "terser"

const here = dirname(fileURLToPath(import.meta.url))
const target = join(here, "..", "bctt", "static")

// The package's rules for Internet Explorer, `@media screen\0`: no other browser reads them, and they are not valid CSS.
const EXPLORER_ONLY = /@media screen\uFFFD[^{]*\{(?:[^{}]*\{[^{}]*\})*\}/g

/** @returns {string} a style sheet, minified */
function buildCss(name) {
  const compiled = compile(join(here, "scss", `${name}.scss`), {
    style: "compressed",
    loadPaths: [join(here, "node_modules")],
    quietDeps: true
  })
  const css = compiled.css.replace(EXPLORER_ONLY, "")
  // The content security policy allows no data: address, and the manifest storage fails on a file that is not there.
  if (css.includes("url(")) {
    throw new Error(`${name}.css asks for another file with url(): draw the icon in the template instead`)
  }
  return css
}

/** @returns {Promise<string>} a script of js/, minified, with no name of its own left on the page */
async function buildJs(name) {
  const source = await readFile(join(here, "js", name), "utf8")
  const { code } = await minify(source, { ecma: 2018, enclose: true })
  return `${code}\n`
}

/** @returns {Promise<Map<string, Buffer>>} built content by its path below bctt/static */
async function buildAll() {
  const files = new Map([
    ["css/admin.css", Buffer.from(buildCss("admin"))],
    ["css/site.css", Buffer.from(buildCss("site"))]
  ])
  for (const name of (await readdir(join(here, "js"))).filter((name) => name.endsWith(".js")).sort()) {
    files.set(`js/${name}`, Buffer.from(await buildJs(name)))
  }
  for (const name of (await readdir(join(here, "img"))).filter((name) => /\.(svg|png)$/.test(name)).sort()) {
    files.set(`img/${name}`, await readFile(join(here, "img", name)))
  }
  return files
}

/** @returns {Promise<boolean>} whether the committed file at `path` has exactly this `content` */
async function isSame(path, content) {
  try {
    return content.equals(await readFile(path))
  } catch (error) {
    if (error.code === "ENOENT") return false
    throw error
  }
}

const check = process.argv.includes("--check")
const stale = []
for (const [name, content] of await buildAll()) {
  const path = join(target, name)
  if (await isSame(path, content)) continue
  stale.push(name)
  if (check) continue
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}

const verb = check ? "Not up to date" : "Wrote"
for (const name of stale) console.log(`${verb}: bctt/static/${name}`)
if (check && stale.length > 0) {
  console.error("Run `npm run build` in frontend/ and commit the result.")
  process.exitCode = 1
} else if (stale.length === 0) {
  console.log("The built files are up to date.")
}
