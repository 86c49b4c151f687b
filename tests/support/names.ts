/** Names as signers type them: what goes in must come out again, to the letter. */
export const typedNames = [
  'Ann Lee',
  'Zoë Brontë-Núñez',
  'Leyla Əliyeva',
  'İlqar Iğdırlı Şükürov',
  'Ангеліна Ўладзіміраўна',
  'Юлия Ёлкина',
  'ليلى عليوا',
  'علی‌رضا حسینی',
  'דוד לוי',
  '王小明',
  'นิรันดร์ สุข',
  'Noor 🕊️ ✍🏽',
  'O\'Brien "Bob" <b>',
  '=SUM(A1:A9)',
]
