/** Descriptions as people write them, with the characters that their languages need besides letters. */
export const languages: readonly (readonly [language: string, text: string])[] = [
  ['French, with narrow blanks before its signs', 'Répond aux questions\u00a0: «\u202fmanuels\u202f»\u202f!'],
  ['Japanese, with wide blanks', '保守マニュアルの\u3000質問に答える。'],
  ['Persian, with joiners', 'به پرسش‌های دفترچه‌ها پاسخ می\u200cدهد'],
  ['Hindi, with joiners', 'मैनुअल के प्रश्नों के उत्तर: क्\u200dष, श्\u200cय'],
  ['emoji joined to one', 'For researchers 👩\u200d🔬, families 👨\u200d👩\u200d👧 and the ❤️\u200d🔥'],
]
