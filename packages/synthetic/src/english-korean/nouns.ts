/** A noun in both languages. */
export interface Noun {
  readonly en: string
  readonly ko: string
  /** Korean counter of a countable noun. A noun without a counter takes no number. */
  readonly counter?: string
  /** English measure word of a noun that is counted by the cup or bottle. */
  readonly measure?: string
  /** English plural, where it is irregular. */
  readonly plural?: string
  /** Whether it is a mass noun, without an indefinite article. */
  readonly mass?: boolean
  /** Whether it is abstract, without any determiner. */
  readonly abstract?: boolean
}

const nouns = (table: string): Noun[] =>
  table
    .trim()
    .split('\n')
    .map((line) => {
      const [en, ko, counter, plural] = line.split(',').map((cell) => cell.trim())
      return { en: en!, ko: ko!, ...(counter && { counter }), ...(plural && { plural }) }
    })

const mass = (table: string): Noun[] => nouns(table).map((noun) => ({ ...noun, mass: true }))

/** The nouns of a list with the given English names. */
export function among(list: readonly Noun[], names: string): Noun[] {
  return names.split(', ').map((name) => {
    const noun = list.find(({ en }) => en === name)
    if (noun === undefined) throw new RangeError(`among: no noun '${name}' in the list.`)
    return noun
  })
}

const abstract = (table: string): Noun[] => mass(table).map((noun) => ({ ...noun, abstract: true }))

/** People by name: no article, no plural. */
export const NAMES = nouns(`
Minsu, 민수
Jiyoung, 지영
Sujin, 수진
Junho, 준호
Yuna, 유나
Dongmin, 동민
Minji, 민지
Hyunwoo, 현우`)

/** Occupations, also used for people with an article. */
export const OCCUPATIONS = nouns(`
teacher, 교사, 명
doctor, 의사, 명
student, 학생, 명
nurse, 간호사, 명
singer, 가수, 명
painter, 화가, 명
writer, 작가, 명
farmer, 농부, 명
soldier, 군인, 명
scientist, 과학자, 명
lawyer, 변호사, 명
actor, 배우, 명`)

export const PEOPLE = nouns(`
child, 아이, 명, children
boy, 소년, 명
girl, 소녀, 명
man, 남자, 명, men
woman, 여자, 명, women
neighbor, 이웃, 명`)

/** Relations, with a possessive: "my friend". */
export const RELATIONS = nouns(`
friend, 친구, 명
younger brother, 남동생, 명
younger sister, 여동생, 명
cousin, 사촌, 명`)

export const ANIMALS = nouns(`
cat, 고양이, 마리
dog, 개, 마리
bird, 새, 마리
rabbit, 토끼, 마리
horse, 말, 마리
monkey, 원숭이, 마리
tiger, 호랑이, 마리
duck, 오리, 마리
pig, 돼지, 마리
bear, 곰, 마리`)

export const FOODS = [
  ...nouns(`
apple, 사과, 개
pear, 배, 개
egg, 계란, 개
potato, 감자, 개, potatoes
banana, 바나나, 개
sandwich, 샌드위치, 개, sandwiches
watermelon, 수박, 개
peach, 복숭아, 개, peaches`),
  ...mass(`
bread, 빵
rice, 밥
soup, 국
meat, 고기
kimchi, 김치
cheese, 치즈
cake, 케이크
fish, 생선`),
]

export const DRINKS = [
  ...mass(`
coffee, 커피, 잔
tea, 차, 잔`).map((noun) => ({ ...noun, measure: 'cup' })),
  ...mass(`
water, 물, 병
milk, 우유, 병
juice, 주스, 병
beer, 맥주, 병`).map((noun) => ({ ...noun, measure: 'bottle' })),
]

export const READINGS = nouns(`
book, 책, 권
novel, 소설, 권
magazine, 잡지, 권
letter, 편지, 통
poem, 시, 편
newspaper, 신문, 부`)

export const FILMS = nouns(`
movie, 영화, 편
picture, 그림, 장
photo, 사진, 장`)

export const SONGS = nouns(`
song, 노래, 곡`)

export const SOUNDS = abstract(`
music, 음악
news, 뉴스`)

export const THINGS = nouns(`
bag, 가방, 개
umbrella, 우산, 개
clock, 시계, 개
phone, 전화기, 대
pencil, 연필, 자루
chair, 의자, 개
hat, 모자, 개
ticket, 표, 장
key, 열쇠, 개
box, 상자, 개, boxes
gift, 선물, 개
flower, 꽃, 송이
camera, 카메라, 대
computer, 컴퓨터, 대
ball, 공, 개
toy, 장난감, 개
doll, 인형, 개
cup, 컵, 개
map, 지도, 장
wallet, 지갑, 개`)

export const CLOTHES = nouns(`
coat, 외투, 벌
shirt, 셔츠, 벌
dress, 원피스, 벌, dresses
skirt, 치마, 벌`)

export const VEHICLES = nouns(`
car, 자동차, 대
bicycle, 자전거, 대`)

export const OPENINGS = nouns(`
door, 문, 개
window, 창문, 개`)

export const BUILDINGS = nouns(`
house, 집, 채
bridge, 다리, 개`)

export const SUBJECTS = abstract(`
Korean, 한국어
English, 영어
math, 수학
history, 역사
science, 과학`)

/** Places of actions, with the article. */
export const PLACES = nouns(`
library, 도서관
park, 공원
market, 시장
hospital, 병원
station, 역
restaurant, 식당
office, 사무실
bank, 은행
museum, 박물관
beach, 바닷가
airport, 공항
bakery, 빵집
bookstore, 서점
hotel, 호텔
theater, 극장
zoo, 동물원
farm, 농장
village, 마을
school, 학교
cafe, 카페`)

/** Rooms and other places with the preposition "in". */
export const ROOMS = nouns(`
room, 방
kitchen, 부엌
garden, 정원
classroom, 교실
living room, 거실`)

/** Cities: no article. */
export const CITIES = nouns(`
Seoul, 서울
Busan, 부산
Daegu, 대구
Incheon, 인천`)

/** Things that others lie on, under or beside. */
export const FURNITURE = nouns(`
desk, 책상
table, 식탁
chair, 의자
bed, 침대
box, 상자
sofa, 소파
tree, 나무`)
