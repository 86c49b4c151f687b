import { providers } from './email-providers.ts'

/**
 * Domains with many people's mailboxes: slips and look-alikes are found by comparison with them. All of them give out
 * names in ASCII alone, as their pages on choosing a name say:
 * https://support.google.com/mail/answer/9211434, https://yandex.com/support/domain/domain/mail.html,
 * https://help.mail.ru/engmail-help/registration/namepass. The likelier one stands before the other.
 */
const LISTED = `
gmail.com mail.ru yandex.ru icloud.com hotmail.com outlook.com yahoo.com ya.ru inbox.ru bk.ru list.ru internet.ru
rambler.ru proton.me protonmail.com tut.by yandex.by mail.az box.az bakinter.net day.az ukr.net i.ua meta.ua bigmir.net
email.ua gmx.de web.de t-online.de freenet.de gmx.net gmx.at gmx.ch gmx.com mail.de arcor.de vodafone.de
live.com msn.com me.com mac.com aol.com ymail.com rocketmail.com googlemail.com mail.com email.com usa.com
yandex.com yandex.kz yandex.az yandex.ua yandex.uz yandex.ge yandex.com.tr yandex.lv yandex.lt yandex.ee yandex.md
yandex.tj yandex.tm yandex.kg yandex.co.il yandex.net yandex.fr narod.ru lenta.ru autorambler.ru ro.ru myrambler.ru
qip.ru pochta.ru hotbox.ru mail.kz mail.by open.by gmail.by list.by km.ru vk.com mail.ua online.ua ua.fm
hotmail.co.uk hotmail.fr hotmail.de hotmail.it hotmail.es hotmail.be hotmail.nl hotmail.se hotmail.no hotmail.dk
hotmail.ch hotmail.at hotmail.fi hotmail.gr hotmail.ca hotmail.ru hotmail.com.tr hotmail.com.br hotmail.com.ar
hotmail.co.jp hotmail.com.au
outlook.de outlook.fr outlook.es outlook.it outlook.pt outlook.dk outlook.at outlook.be outlook.ie outlook.cz
outlook.hu outlook.sk outlook.lv outlook.cl outlook.in outlook.jp outlook.kr outlook.my outlook.ph outlook.sa
outlook.sg outlook.co.il outlook.co.id outlook.co.th outlook.com.ar outlook.com.au outlook.com.br outlook.com.gr
outlook.com.tr outlook.com.vn
live.ru live.de live.fr live.it live.nl live.be live.ca live.at live.dk live.se live.no live.ie live.cn live.jp
live.co.uk live.com.au live.com.pt
yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.ca yahoo.in yahoo.pl yahoo.ro yahoo.gr yahoo.se yahoo.no yahoo.dk yahoo.ie
yahoo.be yahoo.nl yahoo.at yahoo.cz yahoo.hu yahoo.co.uk yahoo.co.jp yahoo.co.in yahoo.co.id yahoo.co.kr yahoo.com.au
yahoo.com.br yahoo.com.ar yahoo.com.tr yahoo.com.mx yahoo.com.cn yahoo.com.hk yahoo.com.tw yahoo.com.sg yahoo.com.vn
yahoo.com.ph
seznam.cz email.cz centrum.cz post.cz atlas.cz volny.cz azet.sk centrum.sk zoznam.sk post.sk
wp.pl o2.pl onet.pl onet.eu interia.pl interia.eu op.pl gazeta.pl tlen.pl poczta.fm poczta.onet.pl vp.pl
abv.bg mail.bg inbox.lv inbox.lt inbox.eu mail.ee hot.ee online.ee one.lt freemail.hu citromail.hu indamail.hu
libero.it virgilio.it alice.it tin.it tiscali.it orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr
ziggo.nl kpnmail.nl planet.nl xs4all.nl home.nl telenet.be skynet.be bluewin.ch hispeed.ch sunrise.ch a1.net aon.at
chello.at telia.com online.no sapo.pt terra.es telefonica.net otenet.gr forthnet.gr
btinternet.com sky.com virginmedia.com ntlworld.com talktalk.net blueyonder.co.uk eircom.net
comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net optonline.net juno.com
rogers.com shaw.ca sympatico.ca telus.net videotron.ca bigpond.com bigpond.net.au optusnet.com.au xtra.co.nz
uol.com.br bol.com.br terra.com.br ig.com.br globo.com
mynet.com superonline.com ttmail.com walla.co.il walla.com netvision.net.il
qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com 139.com 189.cn aliyun.com naver.com daum.net
hanmail.net nate.com docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp i.softbank.jp nifty.com ocn.ne.jp
rediffmail.com
zoho.com zohomail.com zoho.eu fastmail.com fastmail.fm tutanota.com tutanota.de tuta.io tuta.com tutamail.com keemail.me
posteo.de posteo.net mailbox.org hey.com mailfence.com runbox.com startmail.com riseup.net disroot.org autistici.org
systemli.org pm.me protonmail.ch duck.com mozmail.com firemail.de startmail.de skiff.com hushmail.com
`
export const mailDomains: ReadonlySet<string> = new Set([
  ...LISTED.trim().split(/\s+/),
  ...Object.keys(providers),
])
