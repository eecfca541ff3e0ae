#!/usr/bin/env bash
# Thái Bình sáp nhập vào Hưng Yên ngày 01/7/2025: báo cáo năm 2024 của Thái Bình không đổi một chữ; báo cáo năm 2024 của
# Hưng Yên quy về tổ chức hiện nay cộng cả hai và nêu riêng phần của Thái Bình; chỉ tiêu ai được giao vẫn là của người ấy.
# Số liệu đặt thử. Chạy trên sổ mới: một tệp tạm, hoặc tệp chưa có đặt trong UCLI_DB.
set -euo pipefail

export UCLI_DB="${UCLI_DB:-$(mktemp -d)/hung-yen-2025.db}"
if [ -e "$UCLI_DB" ]; then
  echo "$UCLI_DB đã có: ví dụ chỉ ghi vào sổ mới. Bỏ UCLI_DB, hoặc đặt tên một tệp chưa có." >&2
  exit 5
fi
tam=$(mktemp -d)
trap 'rm -rf "$tam"' EXIT

# Hai tỉnh: mã số cũ và mới lấy từ danh mục có sẵn
ucli init
ucli batch --atomic <<'HET'
add-unit "LĐLĐ tỉnh Hưng Yên" --kind province
add-unit "LĐLĐ tỉnh Thái Bình" --kind province
add-unit "LĐLĐ huyện Hưng Hà" --kind district --parent "Thái Bình" --code HH
add-unit "LĐLĐ huyện Tiên Lữ" --kind district --parent "Hưng Yên" --code TL
add-union "CĐCS May Hưng Hà" --parent HH --founded 15/3/2024 --members 120
add-union "CĐCS Cơ khí Tiên Lữ" --parent TL --founded 20/5/2024 --members 45
set-target members-admitted 100 --unit "Thái Bình" --period 2024
set-target members-admitted 60 --unit "Hưng Yên" --period 2024
HET

ucli report --province "Thái Bình" --period 2024 > "$tam/truoc.txt"
echo "== Sáp nhập theo Nghị quyết 202/2025/QH15: xem trước, rồi thực hiện =="
ucli adopt-2025 --dry-run
ucli adopt-2025
ucli report --province "Thái Bình" --period 2024 > "$tam/sau.txt"
cmp "$tam/truoc.txt" "$tam/sau.txt"

echo "== Thái Bình năm 2024: trước và sau khi sáp nhập như nhau =="
cat "$tam/sau.txt"
echo
echo "== Hưng Yên năm 2024, quy về tổ chức hiện nay =="
ucli report --province "Hưng Yên" --period 2024 --structure now
echo
echo "== … so với chỉ tiêu của cả hai =="
ucli report --province "Hưng Yên" --period 2024 --sum-predecessors
echo
echo "== Đời của một đơn vị =="
ucli show "Thái Bình"
