#!/usr/bin/env bash
# Báo cáo tháng của một tỉnh: với tỉnh và mỗi đơn vị bên dưới (trừ công đoàn cơ sở) một tệp <mã>-<tháng>, thêm
# tong-hop-<tháng> theo đơn vị trực thuộc (không có json). Chạy được bằng cron: không cần terminal, locale hay HOME ghi được.
#
# --formats nêu các loại tệp, cách nhau bằng dấu phẩy; không nêu thì csv,json. csv và json dành cho phần mềm (khóa, mã,
# số nguyên); xlsx, docx, html để mở, in và gửi đi, tiêu đề bằng tiếng Việt.
#
#   5 7 1 * *  UCLI_DB=/srv/ucli/so.db PATH=/opt/ucli/bin:/usr/bin:/bin \
#              monthly-summary.sh --formats xlsx,docx "Thái Bình" "$(date -d 'last month' +\%Y-\%m)" /srv/bao-cao
#
# Mã thoát: 0 xong · 2 gọi sai · 127 không thấy ucli · 1 không ghi được vào OUTDIR · còn lại là mã của ucli
# (3 không có tỉnh ấy, 7 không mở được sổ …). Các tệp chỉ được đưa vào OUTDIR khi mọi báo cáo đã in xong.
set -euo pipefail

usage="Cách dùng: monthly-summary.sh [--formats csv,json,xlsx,docx,html] PROVINCE MONTH OUTDIR
Ví dụ:     monthly-summary.sh --formats csv,xlsx,docx \"Thái Bình\" 2024-06 bao-cao"

die() { # die MÃ LỜI
  printf 'monthly-summary.sh: %s\n' "$2" >&2
  exit "$1"
}

if [[ ${1-} == -h || ${1-} == --help ]]; then
  printf '%s\n' "$usage"
  exit 0
fi
formats=csv,json
if [[ ${1-} == --formats ]]; then
  (($# > 1)) || die 2 "sau --formats là các loại tệp, như csv,xlsx,docx."
  formats=$2
  shift 2
elif [[ ${1-} == --formats=* ]]; then
  formats=${1#*=}
  shift
fi
IFS=, read -ra kinds <<<"$formats"
((${#kinds[@]})) || die 2 "sau --formats là các loại tệp, như csv,xlsx,docx."
for kind in "${kinds[@]}"; do
  [[ $kind =~ ^(csv|json|xlsx|docx|html)$ ]] || die 2 "không có loại tệp \"$kind\": chọn trong csv, json, xlsx, docx, html."
done
if (($# != 3)); then
  printf '%s\n' "$usage" >&2
  die 2 "cần đúng ba tham số, nhận được $#."
fi
province=$1 month=$2 outdir=$3
[[ -n $province ]] || die 2 "tên tỉnh để trống (biến chưa được đặt?)."
[[ $province != -* ]] || die 2 "\"$province\" không phải tên tỉnh."
[[ $month =~ ^[0-9]{4}-(0[1-9]|1[0-2])$ ]] || die 2 "tháng \"$month\" không đúng dạng NĂM-THÁNG, như 2024-06."
[[ -n $outdir ]] || die 2 "thư mục ghi để trống (biến chưa được đặt?)."
[[ $outdir == /* ]] || outdir=./$outdir # tên thư mục có thể bắt đầu bằng "-"
command -v ucli >/dev/null || die 127 "không thấy lệnh ucli; thêm thư mục của nó vào PATH."

mkdir -p -- "$outdir" || die 1 "không tạo được thư mục \"$outdir\"."
work=$(mktemp -d "$outdir/.monthly-summary.XXXXXX") || die 1 "không ghi được vào \"$outdir\"."
trap 'rm -rf -- "$work"' EXIT

# Đơn vị như chúng đứng vào ngày cuối tháng: năm nhuận thì tháng 2 có 29 ngày.
year=$((10#${month%-*}))
case ${month#*-} in
  04 | 06 | 09 | 11) last=30 ;;
  02) last=$((year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28)) ;;
  *) last=31 ;;
esac
ucli units --province "$province" --on "$month-$last" --format tsv >"$work/units.tsv"

write() { # write TỆP LOẠI THAM-SỐ… : một báo cáo của tháng; tệp để mở thì luôn bằng tiếng Việt
  local file=$1 kind=$2
  shift 2
  [[ $kind == csv || $kind == json ]] || set -- "$@" --lang vi
  # Nơi ghi tạm không cần ai biết; chỉ khi hỏng mới in lời của ucli.
  local code=0
  ucli report "$@" --period "$month" --output "$work/$file-$month.$kind" </dev/null 2>"$work/loi" || code=$?
  ((code == 0)) || { cat -- "$work/loi" >&2; exit "$code"; }
}

count=0
header=
while IFS=$'\t' read -r code _ level _; do
  if [[ -z $header ]]; then
    header="$code $level"
    [[ $header == "code kind" ]] || die 1 "ucli units đã đổi cột: \"$header\"."
    continue
  fi
  [[ $level != union ]] || continue
  for kind in "${kinds[@]}"; do
    write "${code//\//_}" "$kind" --unit "$code" # một mã có thể chứa "/"
  done
  count=$((count + 1))
done <"$work/units.tsv"
((count > 0)) || die 3 "không có đơn vị nào của \"$province\" vào ngày $month-$last."

for kind in "${kinds[@]}"; do
  [[ $kind == json ]] || write tong-hop "$kind" --province "$province" --by unit
done

rm -- "$work/units.tsv" "$work/loi"
mv -f -- "$work"/* "$outdir/" || die 1 "không ghi được vào \"$outdir\"."
printf 'Đã ghi báo cáo tháng %s của %d đơn vị vào %s\n' "$month" "$count" "$outdir" >&2
