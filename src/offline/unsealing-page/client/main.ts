/**
 * The unsealing page. It runs from a file, without a network: its content security policy allows no
 * request at all. Nothing is stored, neither by a cookie nor otherwise, and the opened records are
 * dropped when the list is closed or the page left.
 *
 * The same script does the opening in workers: there it finds no document.
 */

import { runPage } from './run-page.ts'
import { serveTasks } from './serve-tasks.ts'

if (typeof document === 'undefined') void serveTasks()
else runPage()
