export type Field =
  | 'name'
  | 'first'
  | 'last'
  | 'email'
  | 'country'
  | 'postcode'
  | 'comment'
  | 'date'
  | 'language'

/**
 * What headings mean, by the site's languages: as exports of other sites and forms have them, and as people write them.
 * `given` are names that are whole where they stand alone, and a part beside a column with the other part. Wishes for
 * mail are not among them: what somebody allowed elsewhere was not allowed here.
 */
export const HEADINGS: Readonly<
  Record<string, Readonly<Partial<Record<Exclude<Field, 'name'> | 'whole' | 'given', string>>>>
> = {
  az: {
    whole: 'ad soyad, ad və soyad, adı və soyadı, tam ad, soyad ad',
    given: 'ad, adı, adınız',
    last: 'soyad, soyadı, soyadınız',
    email: 'e-poçt, e-poçt ünvanı, elektron poçt, elektron poçt ünvanı, elektron ünvan, epocht',
    country: 'ölkə, ölkəsi, yaşadığı ölkə',
    postcode: 'poçt indeksi, indeks, poçt kodu',
    comment: 'şərh, rəy, qeyd, səbəb',
    date: 'tarix, imza tarixi, imzalanma tarixi',
    language: 'dil, dili',
  },
  be: {
    whole: 'імя і прозвішча, прозвішча і імя, прозвішча імя, поўнае імя, піб',
    given: 'імя, ваша імя',
    last: 'прозвішча, ваша прозвішча',
    email:
      'э-пошта, е-пошта, эл. пошта, пошта, электронная пошта, адрас электроннай пошты, электронны адрас, эл. адрас, імэйл, мэйл',
    country: 'краіна, краіна пражывання',
    postcode: 'паштовы індэкс, індэкс',
    comment: 'каментар, каментарый, заўвага, прычына',
    date: 'дата, дата подпісу, дата падпісання, адзнака часу',
    language: 'мова',
  },
  de: {
    whole:
      'voller Name, vollständiger Name, Vor- und Nachname, Vorname und Nachname, Vor- und Zuname',
    given: 'Name',
    first: 'Vorname, Rufname',
    last: 'Nachname, Familienname, Zuname',
    email: 'E-Mail, E-Mail-Adresse, Mail, Mailadresse, Mail-Adresse',
    country: 'Land, Staat, Wohnsitzland',
    postcode: 'PLZ, Postleitzahl',
    comment: 'Kommentar, Anmerkung, Begründung',
    date: 'Datum, unterschrieben am, unterzeichnet am, Zeitstempel, Zeitpunkt',
    language: 'Sprache',
  },
  en: {
    whole: 'full name, signer name, your name, first and last name',
    given: 'name',
    first: 'first name, given name, forename',
    last: 'last name, family name, surname',
    email: 'e-mail, e-mail address, mail, mail address, your e-mail, your e-mail address',
    country: 'country, country code, country of residence',
    postcode: 'postcode, postal code, zip, zip code, zip/postal code',
    comment: 'comment, comments, reason, reason for signing',
    date: 'date, signed on, signed at, signed on date, date signed, created at, timestamp, timestamp (EST), action date',
    language: 'language, lang, preferred language',
  },
  es: {
    whole: 'nombre completo, nombre y apellido, nombre y apellidos, apellidos y nombre',
    given: 'nombre, nombres, su nombre',
    first: 'nombre de pila, primer nombre',
    last: 'apellido, apellidos',
    email:
      'correo, correo electrónico, dirección de correo, dirección de correo electrónico, dirección electrónica, dirección de e-mail, e-correo',
    country: 'país, país de residencia',
    postcode: 'código postal, CP',
    comment: 'comentario, comentarios, motivo, razón',
    date: 'fecha, fecha de firma, fecha de la firma, marca temporal',
    language: 'idioma, lengua',
  },
  fa: {
    whole: 'نام و نام خانوادگی, نام کامل, نام و فامیل, نام و فامیلی',
    given: 'نام, اسم',
    first: 'نام کوچک',
    last: 'نام خانوادگی, فامیل, فامیلی',
    email:
      'ایمیل, آدرس ایمیل, نشانی ایمیل, رایانامه, نشانی رایانامه, پست الکترونیک, پست الکترونیکی, آدرس پست الکترونیکی, نشانی پست الکترونیکی',
    country: 'کشور, کشور محل سکونت',
    postcode: 'کد پستی, کدپستی',
    comment: 'نظر, نظرات, توضیح, توضیحات, دیدگاه, دلیل',
    date: 'تاریخ, تاریخ امضا, تاریخ امضاء, مهر زمان, مهر زمانی',
    language: 'زبان',
  },
  fr: {
    whole: 'nom complet, nom et prénom, prénom et nom, nom prénom, prénom nom',
    given: 'nom, votre nom',
    first: 'prénom, prénoms',
    last: 'nom de famille',
    email:
      'e-mail, adresse e-mail, adresse mail, courriel, adresse courriel, adresse électronique, adresse de courriel, adresse de messagerie, mél',
    country: 'pays, pays de résidence',
    postcode: 'code postal, CP',
    comment: 'commentaire, commentaires, motif, raison',
    date: 'date, date de signature, signé le, horodateur',
    language: 'langue',
  },
  ka: {
    whole: 'სახელი და გვარი, სახელი გვარი, სრული სახელი, გვარი სახელი',
    given: 'სახელი',
    last: 'გვარი',
    email:
      'ელფოსტა, ელ. ფოსტა, ელექტრონული ფოსტა, ელფოსტის მისამართი, ელ. ფოსტის მისამართი, ელექტრონული ფოსტის მისამართი, ელ. მისამართი, იმეილი, მეილი',
    country: 'ქვეყანა, საცხოვრებელი ქვეყანა',
    postcode: 'საფოსტო ინდექსი, ინდექსი, საფოსტო კოდი',
    comment: 'კომენტარი, შენიშვნა, მიზეზი',
    date: 'თარიღი, ხელმოწერის თარიღი',
    language: 'ენა',
  },
  pl: {
    whole:
      'imię i nazwisko, imię nazwisko, nazwisko i imię, nazwisko imię, imiona i nazwisko, pełne imię i nazwisko',
    first: 'imię, imiona',
    last: 'nazwisko',
    email:
      'e-mail, adres e-mail, mail, adres mail, adres mailowy, poczta elektroniczna, adres poczty elektronicznej, e-poczta, adres elektroniczny',
    country: 'kraj, państwo, kraj zamieszkania',
    postcode: 'kod pocztowy',
    comment: 'komentarz, uwagi, powód, uzasadnienie',
    date: 'data, data podpisu, data podpisania, data złożenia podpisu, sygnatura czasowa',
    language: 'język',
  },
  ru: {
    whole:
      'ФИО, полное имя, имя и фамилия, имя фамилия, фамилия и имя, фамилия имя, фамилия имя отчество',
    given: 'имя, ваше имя',
    first: 'личное имя',
    last: 'фамилия, ваша фамилия',
    email:
      'e-почта, э-почта, эл. почта, почта, электронная почта, адрес электронной почты, электронный адрес, эл. адрес, имейл, емейл, имэйл, мейл',
    country: 'страна, страна проживания',
    postcode: 'почтовый индекс, индекс',
    comment: 'комментарий, комментарии, примечание, причина',
    date: 'дата, дата подписи, дата подписания, отметка времени',
    language: 'язык',
  },
  tr: {
    whole: 'ad soyad, adı soyadı, ad ve soyad, adınız soyadınız, tam ad, isim soyisim, isim soyad',
    given: 'ad, adı, adınız, isim',
    first: 'ön ad, ilk ad',
    last: 'soyad, soyadı, soyadınız, soyisim',
    email:
      'e-posta, e-posta adresi, e-posta adresiniz, elektronik posta, elektronik posta adresi, mail adresi, e-mail adresi',
    country: 'ülke, ülkesi, yaşadığı ülke',
    postcode: 'posta kodu, PK',
    comment: 'yorum, yorumlar, açıklama, not, neden, gerekçe',
    date: 'tarih, imza tarihi, zaman damgası',
    language: 'dil, dili',
  },
  uk: {
    whole:
      "ПІБ, повне ім'я, ім'я та прізвище, ім'я і прізвище, ім'я прізвище, прізвище та ім'я, прізвище ім'я, прізвище ім'я по батькові, прізвище ім'я та по батькові",
    given: "ім'я, ваше ім'я",
    first: "власне ім'я",
    last: 'прізвище, ваше прізвище',
    email:
      'е-пошта, ел. пошта, пошта, електронна пошта, адреса електронної пошти, електронна адреса, ел. адреса, е-адреса, імейл, мейл',
    country: 'країна, країна проживання',
    postcode: 'поштовий індекс, індекс',
    comment: 'коментар, коментарі, примітка, причина',
    date: 'дата, дата підпису, дата підписання, позначка часу',
    language: 'мова',
  },
}
